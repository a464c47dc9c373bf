using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>A code of the platform, and what its table says of it. What the table does not say is null.</summary>
    public sealed class Code
    {
        internal Code(Value row)
        {
            IsKnown = row.Flag("/known") ?? false;
            IsOutdated = row.Flag("/outdated") ?? false;
            Range = row.Text("/code");
            NameZh = row.Text("/name_zh");
            Text = row.Text("/text");
            HttpStatus = (int?)row.Integer("/http_status");
            Meaning = row.Text("/meaning");
            Advice = row.Text("/advice");
            Retry = row.Text("/retry");
        }

        /// <summary>Whether the table has it.</summary>
        public bool IsKnown { get; }

        /// <summary>Whether the service's documentation has dropped it.</summary>
        public bool IsOutdated { get; }

        /// <summary>The code as the table has it; a range such as <c>400~699</c> stands for all its codes.</summary>
        public string Range { get; }

        /// <summary>The platform's name for it, in Chinese.</summary>
        public string NameZh { get; }

        /// <summary>The platform's text for it.</summary>
        public string Text { get; }

        /// <summary>The HTTP status that it comes with.</summary>
        public int? HttpStatus { get; }

        /// <summary>What it means.</summary>
        public string Meaning { get; }

        /// <summary>What to do.</summary>
        public string Advice { get; }

        /// <summary>Whether placing the call again makes sense: <c>never</c>, <c>later</c> or <c>after_fix</c>.</summary>
        public string Retry { get; }
    }
}
