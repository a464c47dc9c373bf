using System;
using System.IO;
using System.Linq;

namespace VoiceCall.Tests
{
    /// <summary>What nobody disposes is freed all the same.</summary>
    internal static class MemoryTests
    {
        private const long Megabyte = 1024 * 1024;

        /// <summary>The text of these messages alone is 75 MB, which the library holds as long as their events live.</summary>
        public static void Ten_thousand_forgotten_events_take_no_memory()
        {
            var body = Given.Fee(50);
            Read(body, 1000);
            var before = Settled();
            Read(body, 10000);
            var growth = Settled() - before;
            Console.WriteLine("       growth after 10,000 events: {0} KB", growth / 1024);
            Check.That(growth < 32 * Megabyte, "the process has grown by " + (growth / Megabyte) + " MB");
        }

        public static void Forgotten_clients_and_errors_are_freed()
        {
            for (var i = 0; i < 2000; i++)
            {
                var client = Given.Client("http://127.0.0.1:9");
                Check.Throws<VoiceCallException>(() => client.CreateVoiceCallback(new VoiceCallback()));
            }

            var before = Settled();
            for (var i = 0; i < 2000; i++)
            {
                var client = Given.Client("http://127.0.0.1:9");
                Check.Throws<VoiceCallException>(() => client.CreateVoiceCallback(new VoiceCallback()));
            }

            var growth = Settled() - before;
            Check.That(growth < 32 * Megabyte, "the process has grown by " + (growth / Megabyte) + " MB");
        }

        private static void Read(byte[] body, int times)
        {
            using (var receiver = new WebhookReceiver(new WebhookConfig()))
            {
                for (var i = 0; i < times; i++)
                {
                    var fee = (FeeEvent)receiver.Receive(WebhookTests.NoHeaders, body).Events[0];
                    Check.Equal("session-49", fee.Cdrs[49].SessionId, "session");
                    if (i % 100 == 0)
                    {
                        GC.Collect(0);
                        Check.That(fee.Cdrs[0].Raw.Length > 0, "a record holds its event");
                    }
                }
            }
        }

        /// <summary>The resident memory of this process when all garbage is gone.</summary>
        private static long Settled()
        {
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            // Mono's Process.WorkingSet64 does not say what it says on .NET.
            var row = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return 1024 * long.Parse(new string(row.Where(char.IsDigit).ToArray()));
        }
    }
}
