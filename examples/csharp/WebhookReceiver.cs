// A complete receiver of webhooks on HttpListener: judges the signature, stores what came in a SQLite file, and only then says
// yes, because the platform sends a CDR again only until it hears a yes. Status events are never sent again. What comes twice
// is stored once.
//
// It listens on loopback, for a proxy in front of it that speaks HTTPS. Others may read the file meanwhile:
//   sqlite3 -readonly FILE "SELECT session_id, state, talk_seconds FROM calls"
//
// Usage: WebhookReceiver PORT FILE      (ends when standard input ends)
// Environment: VOICECALL_APP_KEY, VOICECALL_APP_SECRET, VOICECALL_PUSH_URL (the address as you registered it)
using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using VoiceCall;

internal static class Receiver
{
    private const int LargestBody = 1024 * 1024;

    private static int Main(string[] arguments)
    {
        if (arguments.Length != 2)
        {
            Console.Error.WriteLine("usage: WebhookReceiver PORT FILE");
            return 2;
        }

        try
        {
            using (var intake = new Intake(new IntakeConfig { Store = "sqlite:" + arguments[1] }, Signatures()))
            using (var listener = new HttpListener())
            {
                listener.Prefixes.Add("http://127.0.0.1:" + arguments[0] + "/");
                listener.Start();
                Console.WriteLine("listening on port " + arguments[0]);
                var serving = ServeAsync(listener, intake);
                Console.In.ReadToEnd();
                listener.Stop();
                serving.Wait();
                Console.WriteLine("calls with a CDR: " + intake.Totals().Sum(total => total.Calls));
                return 0;
            }
        }
        catch (VoiceCallException exception)
        {
            Console.Error.WriteLine("WebhookReceiver: " + exception.Message + "\n" + exception.Advice);
            return 1;
        }
    }

    private static WebhookConfig Signatures()
    {
        return new WebhookConfig
        {
            Urls = new[] { Environment.GetEnvironmentVariable("VOICECALL_PUSH_URL") },
            Applications = new[]
            {
                new Application
                {
                    AppKey = Environment.GetEnvironmentVariable("VOICECALL_APP_KEY"),
                    AppSecret = Environment.GetEnvironmentVariable("VOICECALL_APP_SECRET"),
                },
            },
            Policy = Policy.Require,
        };
    }

    private static async Task ServeAsync(HttpListener listener, Intake intake)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is HttpListenerException || exception is InvalidOperationException)
            {
                return; // The listener was stopped; how that is told differs between runtimes.
            }

            try
            {
                await AnswerAsync(context, intake).ConfigureAwait(false);
            }
            catch (Exception exception)
                when (exception is IOException || exception is HttpListenerException || exception is InvalidOperationException)
            {
                // The sender is gone, or sent too much, or the listener was stopped meanwhile. It hears no yes.
                Console.Error.WriteLine("not answered: " + exception.Message);
                context.Response.Abort();
            }
        }
    }

    private static async Task AnswerAsync(HttpListenerContext context, Intake intake)
    {
        var receipt = intake.Receive(context.Request.Headers, await ReadAsync(context.Request).ConfigureAwait(false));
        if (receipt.Error != null)
        {
            Console.Error.WriteLine("not stored: " + receipt.Error.Message);
        }

        foreach (var each in receipt.Events)
        {
            Console.WriteLine(each.TypeName + ": " + (receipt.Accepted > 0 ? "stored" : "known"));
        }

        var reply = receipt.Reply;
        context.Response.StatusCode = reply.Status;
        foreach (var header in reply.Headers)
        {
            context.Response.Headers[header.Key] = header.Value;
        }

        context.Response.Close(Encoding.UTF8.GetBytes(reply.Body), true);
    }

    /// <summary>The raw bytes: the library has to see them as they came.</summary>
    private static async Task<byte[]> ReadAsync(HttpListenerRequest request)
    {
        var body = new MemoryStream();
        var piece = new byte[8192];
        int length;
        while ((length = await request.InputStream.ReadAsync(piece, 0, piece.Length).ConfigureAwait(false)) > 0)
        {
            if (body.Length + length > LargestBody)
            {
                throw new IOException("a body of more than a megabyte");
            }

            body.Write(piece, 0, length);
        }

        return body.ToArray();
    }
}
