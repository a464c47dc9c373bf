using System;

namespace VoiceCall.Interop
{
    /// <summary>Arguments of a question, member by member.</summary>
    internal sealed class Arguments : IWritten
    {
        private readonly Action<JsonWriter> members;

        internal Arguments(Action<JsonWriter> members)
        {
            this.members = members;
        }

        string IWritten.Extra => null;

        void IWritten.Write(JsonWriter to)
        {
            to.BeginObject();
            members(to);
            to.EndObject();
        }
    }
}
