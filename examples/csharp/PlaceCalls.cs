// Performs the five operations: a notification that waits for a key, a callback that is recorded and ended again, a
// verification code, and the address of a recording. With the real platform's address real phones ring, and each call costs
// money.
//
// It does not wait for what becomes of the calls: webhooks tell that, see WebhookReceiver.cs.
//
// Usage: PlaceCalls CUSTOMER AGENT
//   CUSTOMER, AGENT: telephone numbers, e.g. +8613800000021
// Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_ENDPOINT (default: the real platform),
//   VOICECALL_DISPLAY_NBR (a number that you ordered), VOICECALL_PUSH_URL (optional: where webhooks go)
using System;
using System.Threading.Tasks;
using VoiceCall;

internal static class PlaceCalls
{
    private static readonly string Display = Environment.GetEnvironmentVariable("VOICECALL_DISPLAY_NBR");
    private static readonly string PushUrl = Environment.GetEnvironmentVariable("VOICECALL_PUSH_URL");

    private static int Main(string[] arguments)
    {
        if (arguments.Length != 2)
        {
            Console.Error.WriteLine("usage: PlaceCalls CUSTOMER AGENT");
            return 2;
        }

        try
        {
            // On the real platform an application has one business type, so these would be three clients with three keys.
            using (var client = VoiceCallClient.FromEnv())
            {
                Notify(client, arguments[0]);
                ConnectAndEnd(client, arguments[1], arguments[0]);
                ReadOutCodeAsync(client, arguments[0]).GetAwaiter().GetResult();
                FindRecording(client);
            }

            return 0;
        }
        catch (VoiceCallException exception)
        {
            return Explain(exception);
        }
    }

    /// <summary>Two things are played, and one key is waited for.</summary>
    private static void Notify(VoiceCallClient client, string customer)
    {
        var call = client.CreateVoiceNotification(new VoiceNotification
        {
            DisplayNbr = Display,
            CalleeNbr = customer,
            PlayInfoList = new[]
            {
                new PlayContentInfo { NotifyVoice = "notifyvoice.wav" },
                new PlayContentInfo
                {
                    TemplateId = "sandbox_pickup",
                    TemplateParas = new[] { "李先生", "2026/11/30", "18:00" },
                    CollectInd = 1,
                },
            },
            StatusUrl = PushUrl, // null: not set, the address in the console applies.
            FeeUrl = PushUrl,
            UserData = "parcel-4711", // Comes back in every webhook of the call.
        });
        Console.WriteLine("notification: session " + call.SessionId);
    }

    /// <summary>The platform calls the agent first, then the customer, and joins them. The example then changes its mind.</summary>
    private static void ConnectAndEnd(VoiceCallClient client, string agent, string customer)
    {
        var request = new VoiceCallback
        {
            DisplayNbr = Display,
            CallerNbr = agent,
            DisplayCalleeNbr = Display,
            CalleeNbr = customer,
            MaxDuration = 30,
            RecordFlag = true,
            ReturnIdlePort = true,
            StatusUrl = PushUrl,
            FeeUrl = PushUrl,
        };

        // Ten seconds for this call; the client's own limit otherwise.
        var call = client.CreateVoiceCallback(request, TimeSpan.FromSeconds(10));
        Console.WriteLine("callback: session " + call.SessionId);
        if (call.IdlePort.HasValue)
        {
            Console.WriteLine("callback: the platform tells its idle ports");
        }

        client.TerminateCall(call.SessionId);
        Console.WriteLine("callback: ended");
    }

    private static async Task ReadOutCodeAsync(VoiceCallClient client, string customer)
    {
        var call = await client.CreateVoiceVerificationCodeAsync(new VoiceVerificationCode
        {
            DisplayNbr = Display,
            CalleeNbr = customer,
            LanguageType = 2,
            PreTone = "pretone.wav",
            VerifyCode = "20408",
            Times = 2, // Not set: 3 times. 0: without end.
            StatusUrl = PushUrl,
            FeeUrl = PushUrl,
        }).ConfigureAwait(false);
        Console.WriteLine("verification code: session " + call.SessionId);
    }

    /// <summary>File name and domain come in the CDR of a recorded call; these are of a call that never was.</summary>
    private static void FindRecording(VoiceCallClient client)
    {
        try
        {
            var recording = new Recording { FileName = "19012411042412019775.wav", RecordDomain = "ostor.huawei.com" };
            Console.WriteLine("recording: " + client.GetRecordingDownloadUrl(recording));
        }
        catch (VoiceCallException exception) when (exception.Kind == ErrorKind.Rejected)
        {
            Console.WriteLine("recording: " + exception.ResultCode + ", " + exception.Meaning);
        }
    }

    private static int Explain(VoiceCallException exception)
    {
        Console.Error.WriteLine("PlaceCalls: " + exception.Message);
        Console.Error.WriteLine(exception.Advice);
        if (exception.Delivery == Delivery.Unknown)
        {
            Console.Error.WriteLine("The phone may be ringing: wait for a webhook, or ask the person. Do not call again.");
        }

        return 1;
    }
}
