using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>One code and what it means. A code that no table has is a value without meaning, not an error.</summary>
    public class Cause
    {
        internal Cause(Value value, string pointer)
        {
            Field = value.Text(pointer + "/field");
            Code = value.Integer(pointer + "/code") ?? 0;
            Table = value.Text(pointer + "/table");
            NameZh = value.Text(pointer + "/name_zh");
            Meaning = value.Text(pointer + "/meaning");
            Advice = value.Text(pointer + "/advice");
        }

        /// <summary>Name of the field that holds the code.</summary>
        public string Field { get; }

        /// <summary>The code.</summary>
        public long Code { get; }

        /// <summary>The table that has the code, or would have it; null for a SIP status, of which the platform has no table.</summary>
        public string Table { get; }

        /// <summary>The platform's name for it, in Chinese; or null.</summary>
        public string NameZh { get; }

        /// <summary>What it means; or null.</summary>
        public string Meaning { get; }

        /// <summary>What to do; or null.</summary>
        public string Advice { get; }
    }
}
