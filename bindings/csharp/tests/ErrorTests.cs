using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using VoiceCall.Interop;

namespace VoiceCall.Tests
{
    /// <summary>Every kind of error and every delivery, from a platform that misbehaves.</summary>
    internal static class ErrorTests
    {
        private const string Blacklisted = "{\"resultcode\":\"1013004\",\"resultdesc\":\"callee 8613800000021 is on a black list\"}";

        public static void A_broken_rule_is_told_before_anything_is_sent()
        {
            using (var peer = Peer.Answering(Given.Success))
            using (var client = Given.Client(peer.Url))
            {
                var request = Given.Notification();
                request.UserData = new string('x', 300);
                var error = Check.Fails(ErrorKind.InvalidArgument, Delivery.NotSent, () => client.CreateVoiceNotification(request));
                Check.Equal("/userData", error.Field, "field");
                Check.Equal("length", error.Rule, "rule");
                Check.Equal("300", error.Measured, "measured");
                Check.Equal("invalid_argument", error.KindName, "name of the kind");
                Check.Equal(Retry.AfterFix, error.Retry, "retry");
                Check.Equal(null, error.HttpStatus, "HTTP status");
                Check.Equal(0, peer.Requests, "requests");
            }
        }

        public static void A_bad_setting_is_named()
        {
            var error = Check.Fails(ErrorKind.Configuration, Delivery.NotSent, () => new VoiceCallClient(new Config { AppKey = "k" }));
            Check.Equal("/appSecret", error.Field, "field");
            var config = Given.Config("http://127.0.0.1:9");
            config.Timeout = TimeSpan.Zero;
            error = Check.Fails(ErrorKind.Configuration, Delivery.NotSent, () => new VoiceCallClient(config));
            Check.Equal("/timeoutMs", error.Field, "field");
            config.Timeout = null;
            config.CreatedZone = (CreatedZone)99;
            error = Check.Throws<VoiceCallException>(() => new VoiceCallClient(config));
            Check.Equal("/createdZone", error.Field, "field");
        }

        public static void Nobody_listening_means_not_sent()
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            Fails("http://127.0.0.1:" + port, ErrorKind.Connect, Delivery.NotSent);
        }

        public static void A_peer_without_tls_means_not_sent()
        {
            using (var peer = Peer.Answering(Given.Success))
            {
                Fails(peer.Url.Replace("http:", "https:"), ErrorKind.Tls, Delivery.NotSent);
            }
        }

        public static void A_peer_that_says_nothing_means_unknown()
        {
            Peer silent = null;
            using (silent = new Peer((request, stream) => silent.SayNothing()))
            using (var client = Given.Client(silent.Url))
            {
                var timeout = TimeSpan.FromMilliseconds(200);
                var error = Check.Fails(
                    ErrorKind.Timeout, Delivery.Unknown, () => client.CreateVoiceNotification(Given.Notification(), timeout));
                Check.Equal(Retry.Never, error.Retry, "retry");
                Check.Equal(1, silent.Requests, "requests");
            }
        }

        public static void A_connection_that_breaks_means_unknown()
        {
            var error = Fails((request, stream) => { }, ErrorKind.ConnectionLost, Delivery.Unknown);
            Check.That(error.Advice.Contains("Do not place the call again"), error.Advice);
            Fails(
                (request, stream) => Peer.Write(stream, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"resu"),
                ErrorKind.ConnectionLost,
                Delivery.Unknown);
        }

        public static void An_answer_that_cannot_be_read_is_told()
        {
            Fails((request, stream) => Peer.Write(stream, "SSH-2.0-OpenSSH_9.6\r\n"), ErrorKind.Protocol, Delivery.Unknown);
            Fails((request, stream) => Peer.Answer(stream, "<html>"), ErrorKind.Protocol, Delivery.Unknown);
            Fails((request, stream) => Peer.Answer(stream, "<html>", "404 Not Found"), ErrorKind.Protocol, Delivery.Answered);
        }

        public static void A_refusal_is_explained()
        {
            var error = Fails((request, stream) => Peer.Answer(stream, Blacklisted, "403 Forbidden"), ErrorKind.Rejected, Delivery.Answered);
            Check.Equal("1013004", error.ResultCode, "result code");
            Check.Equal("callee *********0021 is on a black list", error.ResultDesc, "text, masked");
            Check.Equal(403, error.HttpStatus, "HTTP status");
            Check.That(error.Meaning.Length > 0, "there is a meaning");
            Check.That(!error.ToString().Contains("13800000021"), "no number in the whole text");
        }

        public static void Each_sort_of_refusal_has_its_kind()
        {
            Refused("1013001", ErrorKind.Throttled, Delivery.Answered);
            Refused("1010003", ErrorKind.Authentication, Delivery.Answered);
            Refused("1023002", ErrorKind.Rejected, Delivery.Unknown);
        }

        public static void A_closed_client_refuses_calls_and_a_disposed_one_says_so_itself()
        {
            var client = Given.Client("http://127.0.0.1:9");
            client.Close();
            client.Close();
            Check.Fails(ErrorKind.Closed, Delivery.NotSent, () => client.TerminateCall("session-0001"));
            client.Dispose();
            client.Dispose();
            client.Close();
            var gone = Check.Throws<ObjectDisposedException>(() => client.TerminateCall("session-0001"));
            Check.Equal("VoiceCallClient", gone.ObjectName, "what is disposed");
            Check.Throws<ObjectDisposedException>(() => client.TerminateCallAsync("session-0001"));
        }

        public static void A_webhook_cut_short_is_malformed()
        {
            Check.Fails(ErrorKind.MalformedWebhook, Delivery.NotSent, () => Webhook.Parse("{\"eventType\":"));
        }

        public static void A_webhook_without_its_signature_is_refused()
        {
            using (var receiver = WebhookTests.Receiver())
            {
                var received = receiver.Receive(WebhookTests.NoHeaders, Given.Fee(1));
                Check.Equal(ErrorKind.Signature, received.Error.Kind, "kind");
                Check.Equal(Delivery.NotSent, received.Error.Delivery, "delivery");
            }
        }

        public static void A_file_that_exists_or_cannot_be_made_is_named()
        {
            var path = Path.GetTempFileName();
            try
            {
                using (var peer = Peer.Answering("sound"))
                using (var client = Given.Client(peer.Url))
                {
                    var source = new RecordingSource { RecordFileDownloadUrl = peer.Url + "/a.wav" };
                    var exists = Check.Throws<VoiceCallException>(() => client.DownloadRecording(source, path));
                    Check.Equal("/path", exists.Field, "field");
                    var cannot = Check.Throws<VoiceCallException>(() => client.DownloadRecording(source, path + "/a.wav"));
                    Check.Equal(ErrorKind.Storage, cannot.Kind, "kind");
                }
            }
            finally
            {
                File.Delete(path);
            }
        }

        public static void An_asynchronous_call_fails_with_the_same_exception()
        {
            using (var peer = Peer.Answering(Blacklisted))
            using (var client = Given.Client(peer.Url))
            {
                Check.Fails(
                    ErrorKind.Rejected,
                    Delivery.Answered,
                    () => client.CreateVoiceNotificationAsync(Given.Notification()).GetAwaiter().GetResult());
            }
        }

        public static void The_mark_of_an_attempt_is_told_when_its_outcome_is_unknown()
        {
            using (var peer = new Peer((request, stream) => { }))
            {
                var config = Given.Config(peer.Url);
                config.AttemptTag = true;
                using (var client = new VoiceCallClient(config))
                {
                    var error = Check.Fails(
                        ErrorKind.ConnectionLost, Delivery.Unknown, () => client.CreateVoiceNotification(Given.Notification()));
                    Check.That(!string.IsNullOrEmpty(error.AttemptTag), "there is a mark");
                }
            }
        }

        public static void Names_of_words_are_those_of_every_language()
        {
            foreach (Delivery delivery in Enum.GetValues(typeof(Delivery)))
            {
                Check.Equal(Utf8.Text(Native.voicecall_delivery_name((int)delivery)), Models.Snake(delivery.ToString()), "delivery");
            }

            foreach (Retry retry in Enum.GetValues(typeof(Retry)))
            {
                Check.Equal(Utf8.Text(Native.voicecall_retry_name((int)retry)), Models.Snake(retry.ToString()), "retry");
            }

            foreach (ErrorKind kind in Enum.GetValues(typeof(ErrorKind)))
            {
                Check.Equal(Utf8.Text(Native.voicecall_status_name((int)kind)), Models.Snake(kind.ToString()), "kind");
            }
        }

        private static VoiceCallException Fails(string endpoint, ErrorKind kind, Delivery delivery)
        {
            using (var client = Given.Client(endpoint))
            {
                return Check.Fails(kind, delivery, () => client.CreateVoiceNotification(Given.Notification()));
            }
        }

        private static VoiceCallException Fails(Action<string, Stream> behave, ErrorKind kind, Delivery delivery)
        {
            using (var peer = new Peer(behave))
            {
                var error = Fails(peer.Url, kind, delivery);
                Check.Equal(1, peer.Requests, "requests of one call");
                return error;
            }
        }

        private static void Refused(string code, ErrorKind kind, Delivery delivery)
        {
            using (var peer = Peer.Answering("{\"resultcode\":\"" + code + "\",\"resultdesc\":\"no\"}"))
            {
                Check.Equal(code, Fails(peer.Url, kind, delivery).ResultCode, "result code");
            }
        }
    }
}
