using System;
using System.Threading;
using System.Threading.Tasks;

namespace VoiceCall.Interop
{
    /// <summary>A thread for one download, which reports to the program while it runs and may take hours.</summary>
    internal static class OwnThread
    {
        /// <summary>Does the work. Cancelling ends the task at once; the work has to look at the token itself.</summary>
        internal static Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return Task.FromCanceled<T>(cancellationToken);
            }

            var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            var registration = cancellationToken.Register(() => result.TrySetCanceled(cancellationToken));
            ThreadStart run = () =>
            {
                try
                {
                    result.TrySetResult(work());
                }
                catch (OperationCanceledException exception) when (exception.CancellationToken == cancellationToken)
                {
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
            };
            try
            {
                new Thread(run) { IsBackground = true, Name = "VoiceCall" }.Start();
            }
            catch
            {
                registration.Dispose();
                throw;
            }

            return result.Task;
        }
    }
}
