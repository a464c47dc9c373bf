using System;
using System.Collections.Generic;
using System.Text;
using VoiceCall.Interop;

namespace VoiceCall
{
    /// <summary>Reads and signs pushes, for programs and tests that need no receiver.</summary>
    public static class Webhook
    {
        /// <summary>Reads the body of a push, without looking at its signature; <see cref="WebhookReceiver"/> does both.</summary>
        /// <param name="body">The raw bytes of the request.</param>
        /// <exception cref="VoiceCallException">Of kind <see cref="ErrorKind.MalformedWebhook"/>.</exception>
        public static WebhookEvent Parse(byte[] body)
        {
            if (body == null)
            {
                throw new ArgumentNullException(nameof(body));
            }

            Library.Require();
            Status.Found(Native.voicecall_event_parse(body, (UIntPtr)(uint)body.Length, out var parsed, out var error), error);
            return WebhookEvent.Of(parsed, body.Length);
        }

        /// <summary>The same from text, e.g. of a message that was stored.</summary>
        /// <param name="body">The JSON text.</param>
        /// <exception cref="VoiceCallException">Of kind <see cref="ErrorKind.MalformedWebhook"/>.</exception>
        public static WebhookEvent Parse(string body)
        {
            return Parse(Encoding.UTF8.GetBytes(body ?? throw new ArgumentNullException(nameof(body))));
        }

        /// <summary>Signs a push as the platform does, in the newest form and UTC, for tests of a receiver.</summary>
        /// <param name="appKey">Of the application that pushes.</param>
        /// <param name="appSecret">Of the application that pushes.</param>
        /// <param name="url">The address that is pushed to, as registered.</param>
        /// <param name="nonce">1 to 128 digits and letters; null: a random one.</param>
        /// <param name="now">The time; null: the clock's.</param>
        /// <returns>The headers of the push.</returns>
        public static IReadOnlyDictionary<string, string> Sign(
            string appKey,
            string appSecret,
            string url,
            string nonce = null,
            DateTimeOffset? now = null)
        {
            Library.Require();
            var status = Native.voicecall_webhook_sign(
                Utf8.Terminated(appKey ?? throw new ArgumentNullException(nameof(appKey))),
                Utf8.Terminated(appSecret ?? throw new ArgumentNullException(nameof(appSecret))),
                Utf8.Terminated(url ?? throw new ArgumentNullException(nameof(url))),
                Utf8.Terminated(nonce),
                UnixTime.Of(now),
                out var headers,
                out var error);
            Status.Found(status, error);
            using (var value = new Value(headers))
            {
                return value.Texts(string.Empty);
            }
        }
    }
}
