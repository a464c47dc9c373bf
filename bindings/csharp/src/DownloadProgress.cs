namespace VoiceCall
{
    /// <summary>How far a download is.</summary>
    public struct DownloadProgress
    {
        internal DownloadProgress(long bytes, long? total)
        {
            Bytes = bytes;
            Total = total;
        }

        /// <summary>Bytes in the file so far.</summary>
        public long Bytes { get; }

        /// <summary>Bytes of the whole recording; null where the server does not tell.</summary>
        public long? Total { get; }
    }
}
