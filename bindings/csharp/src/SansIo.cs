using System;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>Requests signed and answers read without a connection: for the tests with the language-neutral vectors.</summary>
    internal static class SansIo
    {
        internal static string Sign(Config config, string operation, string arguments, string nonce, long unixSeconds)
        {
            return Sign(config, operation, Value.Parse(arguments), nonce, unixSeconds);
        }

        internal static string Sign(Config config, string operation, IWritten arguments, string nonce, long unixSeconds)
        {
            return Sign(config, operation, Value.Of(arguments), nonce, unixSeconds);
        }

        internal static string Read(string operation, int httpStatus, string location, byte[] body)
        {
            var status = Native.voicecall_response_read(
                Utf8.Terminated(operation), httpStatus, Utf8.Terminated(location), body, (UIntPtr)(uint)body.Length, out var answer, out var error);
            Status.Found(status, error);
            using (var value = new Value(answer))
            {
                return value.Json();
            }
        }

        private static string Sign(Config config, string operation, Value arguments, string nonce, long unixSeconds)
        {
            using (arguments)
            using (var settings = Value.Of(config))
            {
                var status = Native.voicecall_request_sign(
                    settings.Handle, Utf8.Terminated(operation), arguments.Handle, Utf8.Terminated(nonce), unixSeconds, out var request, out var error);
                Status.Found(status, error);
                using (var value = new Value(request))
                {
                    return value.Json();
                }
            }
        }
    }
}
