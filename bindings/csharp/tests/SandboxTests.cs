using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using VoiceCall.Testing;

namespace VoiceCall.Tests
{
    /// <summary>The five operations against the local platform.</summary>
    internal static class SandboxTests
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        public static void All_operations_work_against_the_local_platform()
        {
            using (var sandbox = Sandbox.Start(200, Given.Command))
            using (var client = new VoiceCallClient(sandbox.NewConfig()))
            using (var pushes = new PushServer(sandbox.AppKey, sandbox.AppSecret))
            {
                var display = sandbox.DisplayNumbers[0];
                var callback = new VoiceCallback
                {
                    DisplayNbr = display,
                    CallerNbr = "+8613800000021",
                    DisplayCalleeNbr = display,
                    CalleeNbr = "+8613800000022",
                    RecordFlag = true,
                    ReturnIdlePort = true,
                    StatusUrl = pushes.Url,
                    FeeUrl = pushes.Url,
                };
                var call = client.CreateVoiceCallback(callback);
                Check.That(call.IdlePort > 0, "idle ports are told");
                client.TerminateCall(client.CreateVoiceCallbackAsync(callback).GetAwaiter().GetResult().SessionId);
                client.CreateVoiceNotification(new VoiceNotification
                {
                    DisplayNbr = display,
                    CalleeNbr = "+8613800000021",
                    PlayInfoList = new List<PlayContentInfo> { new PlayContentInfo { NotifyVoice = sandbox.VoiceFiles[0] } },
                });
                client.CreateVoiceVerificationCode(new VoiceVerificationCode
                {
                    DisplayNbr = display,
                    CalleeNbr = "+8613800000021",
                    LanguageType = 2,
                    PreTone = sandbox.VoiceFiles[0],
                    VerifyCode = "2048",
                });
                FetchRecording(pushes, client);
            }
        }

        public static void A_command_that_is_not_there_is_named()
        {
            var missing = Check.Throws<FileNotFoundException>(() => Sandbox.Start(1, "voicecall-that-is-not-there"));
            Check.Equal("voicecall-that-is-not-there", missing.FileName, "command");
        }

        /// <summary>Receives pushes until the CDR of a call with a recording has come, and fetches that.</summary>
        private static void FetchRecording(PushServer pushes, VoiceCallClient client)
        {
            var recording = pushes.Events(Patience).OfType<FeeEvent>()
                .SelectMany(fee => fee.Cdrs)
                .Select(cdr => cdr.Summary().Recording)
                .First(source => source != null);
            var path = Path.GetTempFileName();
            try
            {
                var length = client.DownloadRecordingAsync(recording, path, true).GetAwaiter().GetResult();
                Check.Equal(new FileInfo(path).Length, length, "length");
                Check.That(length > 1000, "the recording holds something");
            }
            finally
            {
                File.Delete(path);
            }
        }
    }
}
