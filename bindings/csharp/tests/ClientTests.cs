using System.IO;
using System.Linq;
using System.Text;

namespace VoiceCall.Tests
{
    /// <summary>What goes out and what comes back.</summary>
    internal static class ClientTests
    {
        public static void A_placed_call_has_what_the_platform_said()
        {
            using (var peer = Peer.Answering(Given.Success))
            using (var client = Given.Client(peer.Url))
            {
                var call = client.CreateVoiceNotification(Given.Notification());
                Check.Equal("session-0001", call.SessionId, "session");
                Check.Equal(3L, call.IdlePort, "idle ports");
                Check.Equal("session-0001", Json.ReadObject(call.Json).Text("sessionId"), "session in the whole answer");
            }
        }

        public static void Texts_of_every_script_arrive_as_they_are()
        {
            const string Text = "李先生 \ud83d\ude00 ß \"\\ é";
            string body = null;
            using (var peer = new Peer((request, stream) =>
            {
                body = request.Substring(request.IndexOf("\r\n\r\n", System.StringComparison.Ordinal));
                Peer.Answer(stream, Given.Success.Replace("session-0001", "会话-\ud83d\ude00"));
            }))
            using (var client = Given.Client(peer.Url))
            {
                var request = Given.Notification();
                request.PlayInfoList[0] = new PlayContentInfo { TemplateId = "t", TemplateParas = new[] { Text } };
                Check.Equal("会话-\ud83d\ude00", client.CreateVoiceNotification(request).SessionId, "session");
                var item = (JsonObject)Json.ReadObject(body).List("playInfoList")[0];
                Check.Equal(Text, item.List("templateParas")[0], "template value");
            }
        }

        public static void A_preview_shows_the_request_and_hides_what_is_private()
        {
            using (var client = Given.Client("http://127.0.0.1:9"))
            {
                var preview = client.Preview(Given.Notification());
                Check.That(preview.StartsWith("POST http://127.0.0.1:9/rest/httpsessions/callnotify/v2.0\n"), preview);
                Check.That(preview.Contains("alarm.wav") && !preview.Contains("13800000021"), preview);
            }
        }

        public static void A_client_is_made_of_what_the_environment_says()
        {
            using (var peer = Peer.Answering(Given.Success))
            {
                var names = new[] { "VOICECALL_APP_KEY", "VOICECALL_APP_SECRET", "VOICECALL_ENDPOINT" };
                var before = names.Select(name => System.Environment.GetEnvironmentVariable(name)).ToArray();
                Set(names, null, null, null);
                try
                {
                    var missing = Check.Fails(ErrorKind.Configuration, Delivery.NotSent, () => VoiceCallClient.FromEnv());
                    Check.Equal("/appKey", missing.Field, "field");
                    Set(names, "ExampleAppKey0001", "example-secret-0001", peer.Url);
                    using (var client = VoiceCallClient.FromEnv())
                    {
                        Check.Equal("session-0001", client.CreateVoiceNotification(Given.Notification()).SessionId, "session");
                    }

                    using (var elsewhere = VoiceCallClient.FromEnv(config => config.Endpoint = "http://127.0.0.1:9"))
                    {
                        Check.That(elsewhere.Preview(Given.Notification()).Contains("127.0.0.1:9/"), "a setting of the program wins");
                    }
                }
                finally
                {
                    Set(names, before);
                }
            }
        }

        private static void Set(string[] names, params string[] values)
        {
            for (var i = 0; i < names.Length; i++)
            {
                System.Environment.SetEnvironmentVariable(names[i], values[i]);
            }
        }

        public static void A_recording_comes_into_its_file_and_tells_how_far_it_is()
        {
            var sound = new string('s', 100000);
            using (var peer = new Peer((request, stream) => Peer.Answer(stream, sound)))
            using (var client = Given.Client(peer.Url))
            {
                var path = Path.Combine(Path.GetTempPath(), "voicecall-" + System.Guid.NewGuid() + "-录音.wav");
                var told = new Progress();
                try
                {
                    var source = new RecordingSource { RecordFileDownloadUrl = peer.Url + "/a.wav" };
                    Check.Equal(100000L, client.DownloadRecording(source, path, progress: told), "length");
                    Check.Equal(sound, File.ReadAllText(path, Encoding.ASCII), "content");
                    Check.Equal(100000L, told.Last.Bytes, "bytes told");
                    Check.Equal(100000L, told.Last.Total, "total told");
                    told.Stops = true;
                    var own = Check.Throws<CheckFailedException>(() => client.DownloadRecording(source, path, true, progress: told));
                    Check.Equal("enough", own.Message, "the program's own exception");
                    Check.Equal(sound, File.ReadAllText(path, Encoding.ASCII), "content after a stopped download");
                }
                finally
                {
                    File.Delete(path);
                }
            }
        }

        private sealed class Progress : System.IProgress<DownloadProgress>
        {
            internal DownloadProgress Last { get; private set; }

            internal bool Stops { get; set; }

            public void Report(DownloadProgress value)
            {
                Last = value;
                if (Stops)
                {
                    throw new CheckFailedException("enough");
                }
            }
        }
    }
}
