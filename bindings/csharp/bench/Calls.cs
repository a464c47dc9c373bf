using System;
using System.Net.Http;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace VoiceCall.Bench
{
    /// <summary>CPU of one call on a connection that is kept: this library, or what a careful program does with HttpClient.</summary>
    internal static class Calls
    {
        /// <summary>Calls that are not counted: the runtime compiles what runs often a second time, better.</summary>
        private const int Warming = 10000;

        private const int Counted = 10000;
        private const int ProcessCpuTime = 2;
        private const string AppKey = "ExampleAppKey0001";
        private const string AppSecret = "example-secret-0001";
        private const string Path = "/rest/httpsessions/callnotify/v2.0";

        internal static void Run(string name, string url)
        {
            using (var client = new VoiceCallClient(new Config { AppKey = AppKey, AppSecret = AppSecret, Endpoint = url }))
            using (var http = new HttpClient())
            {
                var call = name == "voicecall" ? () => Ours(client) : (Action)(() => Theirs(http, url));
                Repeat(call, Warming);
                var before = Cpu();
                Repeat(call, Counted);
                Program.Tell("cpu", (Cpu() - before) / Counted, "us");
            }
        }

        private static void Repeat(Action call, int times)
        {
            for (var i = 0; i < times; i++)
            {
                call();
            }
        }

        /// <summary>User and system time of this process in microseconds; <c>Process</c> tells it in hundredths of seconds.</summary>
        private static double Cpu()
        {
            clock_gettime(ProcessCpuTime, out var time);
            return (time.Seconds * 1e6) + (time.Nanoseconds / 1e3);
        }

        [DllImport("libc")]
        private static extern int clock_gettime(int clock, out Time time);

        private struct Time
        {
            internal long Seconds;
            internal long Nanoseconds;
        }

        private static void Ours(VoiceCallClient client)
        {
            var call = client.CreateVoiceNotification(new VoiceNotification
            {
                DisplayNbr = "+8675500000001",
                CalleeNbr = "+8613800000021",
                PlayInfoList = new[]
                {
                    new PlayContentInfo { TemplateId = "10000001", TemplateParas = new[] { "3", "12:30" }, CollectInd = 1 },
                },
                UserData = "example-0001",
            });
            Require(call.SessionId == "session-0001");
        }

        /// <summary>A fresh nonce and time, the digest, headers, the body, the post, the session id.</summary>
        private static void Theirs(HttpClient http, string url)
        {
            var nonce = Guid.NewGuid().ToString("N").ToUpperInvariant();
            var created = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
            string digest;
            using (var hash = new HMACSHA256(Encoding.UTF8.GetBytes(AppSecret)))
            {
                digest = Convert.ToBase64String(hash.ComputeHash(Encoding.UTF8.GetBytes(nonce + created)));
            }

            var request = new HttpRequestMessage(HttpMethod.Post, url + Path);
            request.Headers.TryAddWithoutValidation("Authorization", "AKSK realm=\"SDP\",profile=\"UsernameToken\",type=\"Appkey\"");
            request.Headers.TryAddWithoutValidation(
                "X-AKSK",
                "UsernameToken Username=\"" + AppKey + "\",PasswordDigest=\"" + digest + "\",Nonce=\"" + nonce + "\",Created=\"" + created + "\"");
            request.Content = new StringContent(SystemTextJson.Write(new Body()), Encoding.UTF8, "application/json");
            using (var response = http.SendAsync(request).GetAwaiter().GetResult())
            {
                var answer = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
                Require(((Answer)SystemTextJson.Read(answer, typeof(Answer))).sessionId == "session-0001");
            }
        }

        /// <summary>The request, with the names that it has on the wire.</summary>
        private sealed class Body
        {
            public string displayNbr { get; } = "+8675500000001";

            public string calleeNbr { get; } = "+8613800000021";

            public Item[] playInfoList { get; } = { new Item() };

            public string userData { get; } = "example-0001";
        }

        private sealed class Item
        {
            public string templateId { get; } = "10000001";

            public string[] templateParas { get; } = { "3", "12:30" };

            public int collectInd { get; } = 1;
        }

        private sealed class Answer
        {
            public string resultcode { get; set; }

            public string resultdesc { get; set; }

            public string sessionId { get; set; }
        }

        private static void Require(bool holds)
        {
            if (!holds)
            {
                throw new InvalidOperationException("not the answer that was expected");
            }
        }
    }
}
