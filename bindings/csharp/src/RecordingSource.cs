using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>Which recording to fetch: by name, or from a direct address.</summary>
    public sealed class RecordingSource : IWritten
    {
        /// <summary><c>RecordObjectName</c> of the CDR.</summary>
        public string FileName { get; set; }

        /// <summary><c>RecordDomain</c> of the CDR.</summary>
        public string RecordDomain { get; set; }

        /// <summary>A direct address, instead of both. Whoever has it can listen; do not log it.</summary>
        public string RecordFileDownloadUrl { get; set; }

        string IWritten.Extra => null;

        void IWritten.Write(JsonWriter to)
        {
            to.BeginObject();
            to.Member("fileName", FileName);
            to.Member("recordDomain", RecordDomain);
            to.Member("recordFileDownloadUrl", RecordFileDownloadUrl);
            to.EndObject();
        }
    }
}
