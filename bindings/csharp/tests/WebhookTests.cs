using System;
using System.Collections.Generic;
using System.Collections.Specialized;
using System.Linq;
using System.Text;

namespace VoiceCall.Tests
{
    /// <summary>Pushes: what they say, whether they are trusted, and what is answered.</summary>
    internal static class WebhookTests
    {
        internal static readonly KeyValuePair<string, string>[] NoHeaders = { };

        internal static WebhookReceiver Receiver()
        {
            return new WebhookReceiver(new WebhookConfig
            {
                Urls = new[] { Given.PushUrl },
                Applications = new[] { new Application { AppKey = Given.AppKey, AppSecret = Given.AppSecret } },
                Policy = Policy.Require,
            });
        }

        public static void A_signed_push_is_read_and_answered()
        {
            using (var receiver = Receiver())
            {
                var received = receiver.Receive(Webhook.Sign(Given.AppKey, Given.AppSecret, Given.PushUrl), Given.Fee(2));
                Check.Equal("valid", received.Verdict.Name, "verdict");
                Check.Equal(Given.AppKey, received.Verdict.AppKey, "application");
                Check.Equal(null, received.Error, "error");
                var fee = (FeeEvent)received.Events.Single();
                Check.Equal(EventType.Fee, fee.Type, "type");
                Check.Equal("李先生", fee.Cdrs[1].UserData, "user data");
                Check.Equal(200, received.Reply().Status, "status when stored");
                Check.That(received.Reply(false).Status >= 500, "status when not stored");
                Check.That(received.Reply().Headers.Keys.Any(name => name.Equals("content-type", StringComparison.OrdinalIgnoreCase)), "type");
            }
        }

        public static void Headers_of_a_listener_are_taken_as_they_are()
        {
            using (var receiver = Receiver())
            {
                var headers = new NameValueCollection();
                foreach (var pair in Webhook.Sign(Given.AppKey, Given.AppSecret, Given.PushUrl))
                {
                    headers.Add(pair.Key.ToUpperInvariant(), pair.Value);
                }

                Check.That(receiver.Receive(headers, Given.Fee(1)).Verdict.IsValid, "the signature is found");
            }
        }

        public static void A_header_is_looked_up()
        {
            using (var receiver = Receiver())
            {
                var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                foreach (var pair in Webhook.Sign(Given.AppKey, Given.AppSecret, Given.PushUrl))
                {
                    headers.Add(pair.Key.ToLowerInvariant(), pair.Value);
                }

                Check.That(receiver.Receive(name => headers[name], Given.Fee(1)).Verdict.IsValid, "the signature is found");
                Check.Equal(401, receiver.Receive(name => null, Given.Fee(1)).Reply().Status, "without a signature");
            }
        }

        public static void Strange_headers_harm_nobody()
        {
            using (var receiver = Receiver())
            {
                var headers = new[]
                {
                    new KeyValuePair<string, string>("x\0y", "\ud83d"),
                    new KeyValuePair<string, string>(string.Empty, null),
                    new KeyValuePair<string, string>(null, "x"),
                };
                Check.That(receiver.Receive(headers, new byte[0]).Verdict.IsRefused, "there is no signature");
            }
        }

        public static void A_push_of_another_sender_is_refused_with_a_reason()
        {
            using (var receiver = Receiver())
            {
                var received = receiver.Receive(Webhook.Sign(Given.AppKey, "another", Given.PushUrl), Given.Fee(1));
                Check.Equal("digest_mismatch", received.Verdict.Reason, "reason");
                Check.That(received.Verdict.Message.Length > 0, "there is a message");
                Check.Equal(0, received.Events.Count, "events");
                Check.That(received.Reply().Status >= 400, "it is not acknowledged");
            }
        }

        public static void A_status_event_tells_when_and_why()
        {
            const string Body = "{\"eventType\":\"disconnect\",\"statusInfo\":{\"timestamp\":\"2019-01-24 03:04:49\",\"sessionId\":\"s\","
                + "\"stateCode\":8102,\"stateDesc\":\"busy\",\"future\":1}}";
            var status = (StatusEvent)Webhook.Parse(Encoding.UTF8.GetBytes(Body));
            Check.Equal(EventType.Disconnect, status.Type, "type");
            Check.Equal(new DateTimeOffset(2019, 1, 24, 3, 4, 49, TimeSpan.Zero), status.Timestamp, "time");
            Check.Equal(8102L, status.StateCode, "state code");
            Check.Equal(null, status.DigitInfo, "what did not come");
            Check.That(status.Explain().Meaning.Contains("busy"), "the meaning of the state code");
            Check.Equal(Body, status.Raw, "raw text");
        }

        public static void A_record_that_cannot_be_read_does_not_cost_its_neighbours()
        {
            const string Body = "{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"a\"},{\"sessionId\":7},{\"sessionId\":\"c\"}]}";
            var fee = (FeeEvent)Webhook.Parse(Body);
            Check.Equal("a c", string.Join(" ", fee.Cdrs.Select(cdr => cdr.SessionId)), "sessions");
            Check.Equal("{\"sessionId\":\"c\"}", fee.Cdrs[1].Raw, "raw text of a record");
            var rejected = fee.Rejected.Single();
            Check.Equal(1, rejected.Index, "index");
            Check.Equal("{\"sessionId\":7}", rejected.Raw, "raw text of what was rejected");
        }

        public static void An_unknown_event_is_kept()
        {
            var unknown = (UnknownEvent)Webhook.Parse("{\"eventType\":\"moon\",\"x\":1}");
            Check.Equal(EventType.Unknown, unknown.Type, "type");
            Check.Equal("moon", unknown.TypeName, "name of the type");
        }

        public static void A_thousand_records_are_read()
        {
            var fee = (FeeEvent)Webhook.Parse(Given.Fee(1000));
            Check.Equal(1000, fee.Cdrs.Count, "records");
            Check.Equal("session-999", fee.Cdrs[999].SessionId, "the last one");
            Check.Equal("session-16", fee.Cdrs[16].SessionId, "one behind the first columns");
        }

        public static void An_event_outlives_its_receiver()
        {
            Received received;
            using (var receiver = new WebhookReceiver(new WebhookConfig()))
            {
                received = receiver.Receive(NoHeaders, Given.Fee(1));
            }

            Check.Equal("not_checked", received.Verdict.Name, "verdict");
            Check.That(((FeeEvent)received.Events[0]).Cdrs[0].Summary("0.18").Legs.Count > 0, "the record can be summed up");
        }
    }
}
