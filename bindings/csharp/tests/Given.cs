using System;
using System.Collections.Generic;
using System.Text;

namespace VoiceCall.Tests
{
    /// <summary>What tests start from. All numbers, keys and secrets are fictitious.</summary>
    internal static class Given
    {
        internal const string AppKey = "TestAppKey0001";
        internal const string AppSecret = "TestAppSecret0001";
        internal const string PushUrl = "https://example.com/voice";
        internal const string Success = "{\"resultcode\":\"0\",\"resultdesc\":\"Success\",\"sessionId\":\"session-0001\",\"idlePort\":3}";

        /// <summary>The command <c>voicecall</c>.</summary>
        internal static string Command => Environment.GetEnvironmentVariable("VOICECALL_COMMAND") ?? "voicecall";

        internal static Config Config(string endpoint)
        {
            return new Config { AppKey = AppKey, AppSecret = AppSecret, Endpoint = endpoint, Retries = 0 };
        }

        internal static VoiceCallClient Client(string endpoint)
        {
            return new VoiceCallClient(Config(endpoint));
        }

        internal static VoiceNotification Notification()
        {
            return new VoiceNotification
            {
                DisplayNbr = "+867550000088",
                CalleeNbr = "+8613800000021",
                PlayInfoList = new List<PlayContentInfo> { new PlayContentInfo { NotifyVoice = "alarm.wav" } },
            };
        }

        /// <summary>A CDR push of this many records.</summary>
        internal static byte[] Fee(int records)
        {
            var all = new StringBuilder("{\"eventType\":\"fee\",\"feeLst\":[");
            for (var i = 0; i < records; i++)
            {
                all.Append(i == 0 ? "" : ",").Append("{\"sessionId\":\"session-").Append(i).Append("\",\"calleeNum\":\"+8613800000021\",")
                    .Append("\"callOutStartTime\":\"2019-01-24 03:04:24\",\"ulFailReason\":0,\"userData\":\"李先生\"}");
            }

            return Encoding.UTF8.GetBytes(all.Append("]}").ToString());
        }
    }
}
