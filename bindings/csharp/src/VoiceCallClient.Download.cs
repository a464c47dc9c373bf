using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using System.Threading.Tasks;
using VoiceCall.Interop;

namespace VoiceCall
{
    public sealed partial class VoiceCallClient
    {
        /// <summary>
        /// Fetches a recording into a file: whole or not at all. A connection that breaks on the way is taken up where it
        /// broke, if the server allows it.
        /// </summary>
        /// <param name="source">Which one: <see cref="CdrSummary.Recording"/> tells.</param>
        /// <param name="path">The file. After an error there is no file that was not there before.</param>
        /// <param name="overwrite">Whether a file that exists is replaced.</param>
        /// <param name="timeout">Longest time for the whole download; null: none but those of each step.</param>
        /// <param name="progress">Told on this thread how far it is; what it throws stops the download, and comes out here.</param>
        /// <returns>The length of the file in bytes.</returns>
        /// <exception cref="ArgumentNullException">An argument is null.</exception>
        /// <exception cref="VoiceCallException">
        /// Anything else that fails; <see cref="ErrorKind.Storage"/> when the file cannot be written.
        /// </exception>
        public long DownloadRecording(
            RecordingSource source,
            string path,
            bool overwrite = false,
            TimeSpan? timeout = null,
            IProgress<DownloadProgress> progress = null)
        {
            return new Download(this, source, path, overwrite, timeout, progress, CancellationToken.None).Run();
        }

        /// <summary>
        /// The same without blocking; see <see cref="DownloadRecording"/>. Cancelling stops the download, and no file is left.
        /// </summary>
        /// <param name="source">Which one: <see cref="CdrSummary.Recording"/> tells.</param>
        /// <param name="path">The file. After an error there is no file that was not there before.</param>
        /// <param name="overwrite">Whether a file that exists is replaced.</param>
        /// <param name="timeout">Longest time for the whole download; null: none but those of each step.</param>
        /// <param name="progress">Told how far it is, on a thread of the library.</param>
        /// <param name="cancellationToken">Stops the download.</param>
        /// <returns>The length of the file in bytes.</returns>
        public Task<long> DownloadRecordingAsync(
            RecordingSource source,
            string path,
            bool overwrite = false,
            TimeSpan? timeout = null,
            IProgress<DownloadProgress> progress = null,
            CancellationToken cancellationToken = default(CancellationToken))
        {
            var download = new Download(this, source, path, overwrite, timeout, progress, cancellationToken);
            return OwnThread.Run(download.Run, cancellationToken);
        }

        /// <summary>What has to live as long as a download runs.</summary>
        private sealed class Download
        {
            private readonly VoiceCallClient client;
            private readonly Value source;
            private readonly byte[] path;
            private readonly uint flags;
            private readonly long timeout;
            private readonly IProgress<DownloadProgress> progress;
            private readonly CancellationToken cancellationToken;

            /// <summary>What the program's own code threw: it must not cross the library.</summary>
            private Exception thrown;

            internal Download(
                VoiceCallClient client,
                RecordingSource source,
                string path,
                bool overwrite,
                TimeSpan? timeout,
                IProgress<DownloadProgress> progress,
                CancellationToken cancellationToken)
            {
                this.client = client;
                this.path = Utf8.Terminated(path ?? throw new ArgumentNullException(nameof(path)));
                this.timeout = Milliseconds.OfCall(timeout);
                this.progress = progress;
                this.cancellationToken = cancellationToken;
                flags = overwrite ? (uint)Numbers.DownloadOverwrite : 0;
                client.RequireOpen();
                this.source = Value.Of(source ?? throw new ArgumentNullException(nameof(source)));
            }

            internal long Run()
            {
                ProgressCallback told = Told;
                using (source)
                {
                    var status = Native.voicecall_client_download_recording(
                        client.handle, source.Handle, path, timeout, flags, told, IntPtr.Zero, out var bytes, out var error);
                    GC.KeepAlive(told);
                    try
                    {
                        Status.Found(status, error);
                    }
                    catch (VoiceCallException) when (thrown != null)
                    {
                        ExceptionDispatchInfo.Capture(thrown).Throw();
                        throw;
                    }
                    catch (VoiceCallException) when (cancellationToken.IsCancellationRequested)
                    {
                        throw new OperationCanceledException(cancellationToken);
                    }

                    return checked((long)bytes);
                }
            }

            private int Told(ulong bytes, long total, IntPtr user)
            {
                try
                {
                    progress?.Report(new DownloadProgress((long)bytes, total < 0 ? (long?)null : total));
                }
                catch (Exception exception)
                {
                    thrown = exception;
                }

                return thrown == null && !cancellationToken.IsCancellationRequested ? 0 : 1;
            }
        }
    }
}
