using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace VoiceCall.Interop
{
    /// <summary>
    /// The threads on which asynchronous calls wait for the platform. Not the thread pool's: a call may take seconds, and a
    /// pool whose few threads all wait for telephones serves nobody else. A thread that has nothing to do for a while ends.
    /// </summary>
    internal static class CallThreads
    {
        private const int Most = 256;

        /// <summary>The library needs little stack; the system's default is megabytes.</summary>
        private const int StackBytes = 512 * 1024;

        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
        private static readonly Queue<Action> Waiting = new Queue<Action>();
        private static int threads;
        private static int idle;

        /// <summary>
        /// Does the work on one of the threads. Cancelling ends the task at once; work that has begun is not interrupted.
        /// </summary>
        internal static Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return Task.FromCanceled<T>(cancellationToken);
            }

            // Continuations run elsewhere: this thread has calls to make.
            var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            var registration = cancellationToken.Register(() => result.TrySetCanceled(cancellationToken));
            Enqueue(() =>
            {
                try
                {
                    if (!result.Task.IsCompleted)
                    {
                        result.TrySetResult(work());
                    }
                }
                catch (OperationCanceledException exception) when (exception.CancellationToken == cancellationToken)
                {
                    // The work may see the token before the registration does; either way the task was cancelled.
                    result.TrySetCanceled(cancellationToken);
                }
                catch (Exception exception)
                {
                    result.TrySetException(exception);
                }
                finally
                {
                    registration.Dispose();
                }
            });
            return result.Task;
        }

        private static void Enqueue(Action work)
        {
            lock (Waiting)
            {
                Waiting.Enqueue(work);
                if (idle >= Waiting.Count)
                {
                    Monitor.Pulse(Waiting);
                    return;
                }

                if (threads == Most)
                {
                    return;
                }

                threads++;
            }

            new Thread(Work, StackBytes) { IsBackground = true, Name = "VoiceCall" }.Start();
        }

        private static void Work()
        {
            while (Next() is Action work)
            {
                work();
            }
        }

        /// <summary>The next work; null when this thread has waited long enough.</summary>
        private static Action Next()
        {
            lock (Waiting)
            {
                idle++;
                while (Waiting.Count == 0)
                {
                    if (!Monitor.Wait(Waiting, Patience) && Waiting.Count == 0)
                    {
                        idle--;
                        threads--;
                        return null;
                    }
                }

                idle--;
                return Waiting.Dequeue();
            }
        }
    }
}
