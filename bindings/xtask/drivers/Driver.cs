// The driver in C#; see README.md beside this file.
using System;
using System.Linq;
using VoiceCall;

internal static class Driver
{
    private static void Main()
    {
        var config = new Config
        {
            AppKey = Environment.GetEnvironmentVariable("VOICECALL_APP_KEY"),
            AppSecret = Environment.GetEnvironmentVariable("VOICECALL_APP_SECRET"),
            Endpoint = Environment.GetEnvironmentVariable("VOICECALL_ENDPOINT"),
            CaFile = Environment.GetEnvironmentVariable("VOICECALL_CA_FILE"),
        };
        using (var client = new VoiceCallClient(config))
        {
            string line;
            while ((line = Console.In.ReadLine()) != null)
            {
                Console.Out.WriteLine(Obey(client, line.Split('\t')));
                Console.Out.Flush();
            }
        }
    }

    private static string Obey(VoiceCallClient client, string[] words)
    {
        try
        {
            var timeout = TimeSpan.FromMilliseconds(int.Parse(words[1]));
            return "ok\t" + Perform(client, words[0], words.Skip(2).ToArray(), timeout);
        }
        catch (VoiceCallException exception)
        {
            return exception.KindName + "\t" + NameOf(exception.Delivery);
        }
    }

    private static string Perform(VoiceCallClient client, string operation, string[] words, TimeSpan timeout)
    {
        switch (operation)
        {
            case "create_voice_callback":
                return client.CreateVoiceCallback(new VoiceCallback
                {
                    DisplayNbr = words[0],
                    CallerNbr = words[1],
                    DisplayCalleeNbr = words[0],
                    CalleeNbr = words[2],
                }, timeout).SessionId;
            case "create_voice_notification":
                return client.CreateVoiceNotification(new VoiceNotification
                {
                    DisplayNbr = words[0],
                    CalleeNbr = words[1],
                    PlayInfoList = new[] { new PlayContentInfo { NotifyVoice = "notifyvoice.wav" } },
                }, timeout).SessionId;
            case "create_voice_verification_code":
                return client.CreateVoiceVerificationCode(new VoiceVerificationCode
                {
                    DisplayNbr = words[0],
                    CalleeNbr = words[1],
                    LanguageType = 2,
                    PreTone = "pretone.wav",
                    VerifyCode = "20408",
                }, timeout).SessionId;
            case "terminate_call":
                client.TerminateCall(words[0], timeout);
                return "";
            default:
                return client.GetRecordingDownloadUrl(
                    new Recording { FileName = words[0], RecordDomain = words[1] }, timeout);
        }
    }

    private static string NameOf(Delivery delivery)
    {
        switch (delivery)
        {
            case Delivery.NotSent: return "not_sent";
            case Delivery.Answered: return "answered";
            case Delivery.Unknown: return "unknown";
            default: return delivery.ToString();
        }
    }
}
