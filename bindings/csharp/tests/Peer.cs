using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace VoiceCall.Tests
{
    /// <summary>A platform that does what a test wants, well or badly.</summary>
    internal sealed class Peer : IDisposable
    {
        /// <summary>The first byte of a connection with TLS, which this peer does not speak.</summary>
        private const char TlsHandshake = '\u0016';

        private readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
        private readonly Action<string, Stream> behave;
        private readonly ManualResetEventSlim ended = new ManualResetEventSlim();
        private int requests;

        /// <summary>Calls <paramref name="behave"/> with each request and its connection, which is then closed.</summary>
        internal Peer(Action<string, Stream> behave)
        {
            this.behave = behave;
            listener.Start(64);
            Url = "http://127.0.0.1:" + ((IPEndPoint)listener.LocalEndpoint).Port;
            new Thread(Accept) { IsBackground = true }.Start();
        }

        internal string Url { get; }

        /// <summary>Requests that came.</summary>
        internal int Requests => Volatile.Read(ref requests);

        /// <summary>Set by the first request.</summary>
        internal ManualResetEventSlim Asked { get; } = new ManualResetEventSlim();

        /// <summary>A platform that always gives the same answer.</summary>
        internal static Peer Answering(string body, string status = "200 OK")
        {
            return new Peer((request, stream) => Answer(stream, body, status));
        }

        internal static void Answer(Stream stream, string body, string status = "200 OK", string headers = "")
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            Write(stream, "HTTP/1.1 " + status + "\r\n" + headers + "Connection: close\r\nContent-Length: " + bytes.Length + "\r\n\r\n" + body);
        }

        internal static void Write(Stream stream, string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            stream.Write(bytes, 0, bytes.Length);
        }

        /// <summary>Says nothing until the test is over.</summary>
        internal void SayNothing()
        {
            ended.Wait();
        }

        public void Dispose()
        {
            ended.Set();
            listener.Stop();
        }

        private void Accept()
        {
            try
            {
                while (true)
                {
                    var connection = listener.AcceptTcpClient();
                    new Thread(() => Serve(connection)) { IsBackground = true }.Start();
                }
            }
            catch (Exception) when (ended.IsSet)
            {
                // The test is over.
            }
        }

        private void Serve(TcpClient connection)
        {
            using (connection)
            {
                try
                {
                    var stream = connection.GetStream();
                    var request = Read(stream);
                    Interlocked.Increment(ref requests);
                    Asked.Set();
                    behave(request, stream);
                }
                catch (IOException)
                {
                    // The client has had enough.
                }
            }
        }

        private static string Read(Stream stream)
        {
            var text = new MemoryStream();
            var piece = new byte[4096];
            while (true)
            {
                var length = stream.Read(piece, 0, piece.Length);
                text.Write(piece, 0, length);
                var request = Encoding.UTF8.GetString(text.ToArray());
                if (length == 0 || request[0] == TlsHandshake || IsWhole(request, text.Length))
                {
                    return request;
                }
            }
        }

        private static bool IsWhole(string request, long bytes)
        {
            var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                return false;
            }

            const string Name = "content-length:";
            var at = request.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
            if (at < 0 || at > end)
            {
                return true;
            }

            var value = request.Substring(at + Name.Length, request.IndexOf('\r', at) - at - Name.Length);
            return bytes >= end + 4 + int.Parse(value);
        }
    }
}
