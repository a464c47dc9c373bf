namespace VoiceCall.Interop
{
    /// <summary>A structure that goes into the library as JSON.</summary>
    internal interface IWritten
    {
        /// <summary>Members beside the declared ones, as the JSON text of an object; null for none.</summary>
        string Extra { get; }

        void Write(JsonWriter to);
    }
}
