using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace VoiceCall.Tests
{
    /// <summary>One client, many threads; ends and cancellations in the middle of calls.</summary>
    internal static class ThreadTests
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        /// <summary>The peer answers when all calls have come: calls that waited for one another would wait for ever.</summary>
        public static void Thirty_two_asynchronous_calls_run_at_once()
        {
            const int Calls = 32;
            using (var all = new CountdownEvent(Calls))
            using (var peer = new Peer((request, stream) =>
            {
                all.Signal();
                all.Wait(Patience);
                Peer.Answer(stream, Given.Success);
            }))
            using (var client = Given.Client(peer.Url))
            {
                var calls = Enumerable.Range(0, Calls).Select(i => client.CreateVoiceNotificationAsync(Given.Notification())).ToArray();
                Check.That(Task.WaitAll(calls, Patience), "all calls end");
                Check.That(calls.All(call => call.Result.SessionId == "session-0001"), "all calls succeed");
                Check.Equal(Calls, peer.Requests, "requests");
            }
        }

        public static void Many_short_calls_from_many_tasks_all_succeed()
        {
            using (var peer = Peer.Answering(Given.Success))
            using (var client = Given.Client(peer.Url))
            {
                var tasks = Enumerable.Range(0, 32).Select(i => Task.Run(async () =>
                {
                    for (var call = 0; call < 5; call++)
                    {
                        var placed = await client.CreateVoiceNotificationAsync(Given.Notification()).ConfigureAwait(false);
                        Check.Equal("session-0001", placed.SessionId, "session");
                    }
                }));
                Check.That(Task.WaitAll(tasks.ToArray(), Patience), "all tasks end");
                Check.Equal(160, peer.Requests, "requests");
            }
        }

        public static void Disposing_ends_a_call_in_flight()
        {
            Peer silent = null;
            using (silent = new Peer((request, stream) => silent.SayNothing()))
            {
                var client = Given.Client(silent.Url);
                var asynchronous = client.CreateVoiceNotificationAsync(Given.Notification());
                var blocking = Task.Factory.StartNew(
                    () => client.CreateVoiceNotification(Given.Notification()), TaskCreationOptions.LongRunning);
                Check.That(SpinWait.SpinUntil(() => silent.Requests == 2, Patience), "both requests arrive");
                client.Dispose();
                foreach (var call in new[] { asynchronous, blocking })
                {
                    Check.Fails(ErrorKind.Closed, Delivery.Unknown, () => call.GetAwaiter().GetResult());
                }
            }
        }

        public static void Disposing_while_calls_begin_and_end_harms_nobody()
        {
            using (var peer = Peer.Answering(Given.Success))
            {
                for (var round = 0; round < 20; round++)
                {
                    var client = Given.Client(peer.Url);
                    var calls = Enumerable.Range(0, 4).Select(i => Task.Run(() => Outcome(client))).ToArray();
                    calls[0].Wait(round);
                    client.Dispose();
                    Check.That(Task.WaitAll(calls, Patience), "all calls end");
                    Check.That(calls.All(call => call.Result), "all calls succeed or tell that the client is gone");
                }
            }
        }

        public static void Cancelling_beforehand_sends_nothing()
        {
            using (var peer = Peer.Answering(Given.Success))
            using (var client = Given.Client(peer.Url))
            {
                var call = client.CreateVoiceNotificationAsync(Given.Notification(), null, new CancellationToken(true));
                Check.That(call.IsCanceled, "the task is cancelled");
                Check.Equal(0, peer.Requests, "requests");
            }
        }

        public static void Cancelling_ends_the_call_at_once_and_tells_its_outcome()
        {
            Peer silent = null;
            using (silent = new Peer((request, stream) => silent.SayNothing()))
            using (var client = Given.Client(silent.Url))
            using (var source = new CancellationTokenSource())
            {
                var call = client.CreateVoiceNotificationAsync(Given.Notification(), null, source.Token);
                Check.That(silent.Asked.Wait(Patience), "the request arrives");
                source.Cancel();
                var cancelled = Check.Throws<OperationCanceledException>(() => call.GetAwaiter().GetResult());
                Check.Equal(source.Token, cancelled.CancellationToken, "token");
                Check.That(call.IsCanceled, "the task is cancelled");
                Check.Equal(Delivery.Unknown, ((VoiceCallException)cancelled.InnerException).Delivery, "delivery");
            }
        }

        public static void Calls_that_were_cancelled_leave_their_places_at_once()
        {
            Peer silent = null;
            using (silent = new Peer((request, stream) => silent.SayNothing()))
            using (var client = Given.Client(silent.Url))
            using (var source = new CancellationTokenSource())
            {
                var calls = Enumerable.Range(0, 256)
                    .Select(i => client.CreateVoiceNotificationAsync(Given.Notification(), null, source.Token))
                    .ToArray();
                Check.That(silent.Asked.Wait(Patience), "a request arrives");
                source.Cancel();
                var late = client.CreateVoiceNotificationAsync(Given.Notification(), TimeSpan.FromSeconds(1));
                Check.That(((IAsyncResult)late).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(5)), "the call ends in time");
                Check.Equal(ErrorKind.Timeout, Check.Throws<VoiceCallException>(() => late.GetAwaiter().GetResult()).Kind, "kind");
                Check.That(SpinWait.SpinUntil(() => calls.All(call => call.IsCanceled), Patience), "all are cancelled");
            }
        }

        public static void A_dead_endpoint_holds_up_no_other_client()
        {
            Peer silent = null;
            using (silent = new Peer((request, stream) => silent.SayNothing()))
            using (var healthy = Peer.Answering(Given.Success))
            using (var stuck = Given.Client(silent.Url))
            using (var client = Given.Client(healthy.Url))
            {
                var calls = Enumerable.Range(0, 256).Select(i => stuck.CreateVoiceNotificationAsync(Given.Notification())).ToArray();
                var code = client.CreateVoiceNotificationAsync(Given.Notification(), TimeSpan.FromSeconds(5));
                Check.Equal("session-0001", code.GetAwaiter().GetResult().SessionId, "session");
                stuck.Close();
                Check.Throws<AggregateException>(() => Task.WaitAll(calls));
            }
        }

        public static void Cancelling_stops_a_download()
        {
            Peer slow = null;
            using (var source = new CancellationTokenSource())
            using (var observed = new ManualResetEventSlim())
            using (slow = new Peer((request, stream) =>
            {
                Peer.Write(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + new string('s', 1000));
                observed.Wait();
                Task.Run(() => source.Cancel());
                source.Token.WaitHandle.WaitOne();
                Peer.Write(stream, new string('s', 999000));
            }))
            using (var client = Given.Client(slow.Url))
            {
                var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "voicecall-" + Guid.NewGuid() + ".wav");
                var recording = new RecordingSource { RecordFileDownloadUrl = slow.Url + "/a.wav" };
                var download = client.DownloadRecordingAsync(recording, path, cancellationToken: source.Token);
                // Registered last, it is told first: the download sees the token before its task hears of it.
                source.Token.Register(() => ((IAsyncResult)download).AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(20)));
                observed.Set();
                Check.Throws<TaskCanceledException>(() => download.GetAwaiter().GetResult());
                client.Dispose();
                Check.That(!System.IO.File.Exists(path), "no file is left");
            }
        }

        public static void A_continuation_does_not_hold_a_thread_of_the_library()
        {
            using (var peer = Peer.Answering(Given.Success))
            using (var client = Given.Client(peer.Url))
            {
                var name = client.CreateVoiceNotificationAsync(Given.Notification())
                    .ContinueWith(call => Thread.CurrentThread.Name, TaskContinuationOptions.ExecuteSynchronously);
                Check.That(name.Result != "VoiceCall", "the continuation runs elsewhere");
            }
        }

        private static bool Outcome(VoiceCallClient client)
        {
            try
            {
                return client.CreateVoiceNotification(Given.Notification()).SessionId == "session-0001";
            }
            catch (VoiceCallException exception)
            {
                return exception.Kind == ErrorKind.Closed;
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        }
    }
}
