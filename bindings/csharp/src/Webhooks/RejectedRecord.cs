using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>A record of a CDR push that could not be read.</summary>
    public sealed class RejectedRecord
    {
        internal RejectedRecord(Value value, string pointer)
        {
            Index = (int)(value.Integer(pointer + "/index") ?? 0);
            Field = value.Text(pointer + "/field");
            Reason = value.Text(pointer + "/reason");
            Raw = value.Text(pointer + "/raw");
        }

        /// <summary>Position in the message's list of records.</summary>
        public int Index { get; }

        /// <summary>JSON pointer to what is at fault, e.g. <c>/feeLst/1/callEndTime</c>.</summary>
        public string Field { get; }

        /// <summary>What is wrong with it.</summary>
        public string Reason { get; }

        /// <summary>The JSON text of the record, as it came. Holds personal data.</summary>
        public string Raw { get; }
    }
}
