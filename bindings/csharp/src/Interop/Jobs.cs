using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;

namespace VoiceCall.Interop
{
    /// <summary>
    /// What was submitted to the library, as tasks. The library makes the calls and waits, with limits of its own; one thread
    /// here collects what is finished, for all clients and intakes.
    /// </summary>
    internal static class Jobs
    {
        /// <summary>The collector needs little stack; the system's default is megabytes.</summary>
        private const int StackBytes = 512 * 1024;

        /// <summary>
        /// How long the collector stays in native code at once. Mono at its end, and .NET Framework when it unloads a domain, wait
        /// until a thread has come back from there.
        /// </summary>
        private const long AwayMilliseconds = 250;

        private static readonly ConcurrentDictionary<long, Action<DoneHandle>> Waiting = new ConcurrentDictionary<long, Action<DoneHandle>>();
        /// <summary>Counts what was submitted and is not collected yet: without that the collector waits in managed code.</summary>
        private static readonly SemaphoreSlim Submitted = new SemaphoreSlim(0);

        private static readonly object Starting = new object();
        private static QueueHandle queue;
        private static long lastId;

        /// <summary>Submits a job under an id.</summary>
        internal delegate int Begin(QueueHandle queue, long id, out IntPtr error);

        /// <summary>
        /// Submits a job and awaits its end. Cancelling cancels the job; the task ends when the library has told what became of it,
        /// which takes milliseconds, and the exception has that as its inner one.
        /// </summary>
        /// <param name="owner">Must live until the end.</param>
        /// <param name="begin">Submits it.</param>
        /// <param name="read">Makes the result of the finished job.</param>
        /// <param name="cancellationToken">Cancels the job.</param>
        internal static Task<T> Run<T>(object owner, Begin begin, Func<DoneHandle, T> read, CancellationToken cancellationToken)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return Task.FromCanceled<T>(cancellationToken);
            }

            var id = Interlocked.Increment(ref lastId);
            // Continuations run elsewhere: the collector has to collect.
            var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                var submittedTo = Queue();
                Waiting[id] = done => Complete(result, read, done);
                var status = begin(submittedTo, id, out var error);
                Status.Found(status, error);
                Submitted.Release();
                return Ended(owner, result.Task, submittedTo, id, cancellationToken);
            }
            catch (VoiceCallException exception)
            {
                Waiting.TryRemove(id, out var nobody);
                result.SetException(exception);
                return result.Task;
            }
        }

        private static async Task<T> Ended<T>(
            object owner, Task<T> result, QueueHandle submittedTo, long id, CancellationToken cancellationToken)
        {
            try
            {
                using (cancellationToken.Register(() => Cancel(submittedTo, id)))
                {
                    return await result.ConfigureAwait(false);
                }
            }
            catch (VoiceCallException exception) when (exception.Kind == ErrorKind.Closed && cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(exception.Message, exception, cancellationToken);
            }
            finally
            {
                GC.KeepAlive(owner);
            }
        }

        /// <summary>What a job of a client or a question gives.</summary>
        internal static Func<DoneHandle, T> Answer<T>(Func<Value, T> read)
        {
            return done =>
            {
                var found = Native.voicecall_done_answer(done, out var answer, out var json, out var length, out var error);
                if (!Status.Found(found, error))
                {
                    return default(T);
                }

                using (var value = new Value(answer, Utf8.Text(json, length)))
                {
                    return read(value);
                }
            };
        }

        private static void Complete<T>(TaskCompletionSource<T> result, Func<DoneHandle, T> read, DoneHandle done)
        {
            try
            {
                result.TrySetResult(read(done));
            }
            catch (Exception exception)
            {
                result.TrySetException(exception);
            }
        }

        private static void Cancel(QueueHandle submittedTo, long id)
        {
            Status.Found(Native.voicecall_queue_cancel(submittedTo, id, out var error), error);
        }

        /// <summary>The queue, with its collector. Without a thread for that nothing may be submitted.</summary>
        private static QueueHandle Queue()
        {
            lock (Starting)
            {
                if (queue == null)
                {
                    Library.Require();
                    Status.Found(Native.voicecall_queue_new(out var made, out var error), error);
                    try
                    {
                        new Thread(() => Collect(made), StackBytes) { IsBackground = true, Name = "VoiceCall" }.Start();
                    }
                    catch (Exception exception) when (exception is ThreadStartException || exception is OutOfMemoryException)
                    {
                        made.Dispose();
                        throw VoiceCallException.NoThread(exception);
                    }

                    queue = made;
                }

                return queue;
            }
        }

        private static void Collect(QueueHandle from)
        {
            while (true)
            {
                Submitted.Wait();
                while (!HasCollected(from))
                {
                }
            }
        }

        /// <summary>Whether a job ended in time.</summary>
        private static bool HasCollected(QueueHandle from)
        {
            var status = Native.voicecall_queue_next(from, AwayMilliseconds, out var id, out var done, out var error);
            using (done)
            {
                var found = Status.Found(status, error);
                if (found && Waiting.TryRemove(id, out var complete))
                {
                    complete(done);
                }

                return found;
            }
        }
    }
}
