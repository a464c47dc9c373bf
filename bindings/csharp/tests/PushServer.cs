using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace VoiceCall.Tests
{
    /// <summary>An HTTP server that receives the pushes of a local platform, and takes only those with a valid signature.</summary>
    internal sealed class PushServer : IDisposable
    {
        private readonly HttpListener listener = new HttpListener();
        private readonly WebhookReceiver receiver;
        private readonly BlockingCollection<WebhookEvent> events = new BlockingCollection<WebhookEvent>();

        internal PushServer(string appKey, string appSecret)
        {
            // HttpListener cannot choose a port itself.
            var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var root = "http://127.0.0.1:" + ((IPEndPoint)free.LocalEndpoint).Port + "/";
            free.Stop();
            Url = root + "voice";
            receiver = new WebhookReceiver(new WebhookConfig
            {
                Urls = new[] { Url },
                Applications = new[] { new Application { AppKey = appKey, AppSecret = appSecret } },
                Policy = Policy.Require,
            });
            listener.Prefixes.Add(root);
            listener.Start();
            new Thread(Serve) { IsBackground = true }.Start();
        }

        internal string Url { get; }

        public void Dispose()
        {
            listener.Close();
            receiver.Dispose();
        }

        /// <summary>The events as they come, none of which may take longer than this.</summary>
        internal IEnumerable<WebhookEvent> Events(TimeSpan patience)
        {
            WebhookEvent next;
            while (events.TryTake(out next, patience))
            {
                yield return next;
            }
        }

        private void Serve()
        {
            try
            {
                while (true)
                {
                    Answer(listener.GetContext());
                }
            }
            catch (Exception exception) when (exception is HttpListenerException || exception is InvalidOperationException)
            {
                // The test is over.
            }
        }

        private void Answer(HttpListenerContext context)
        {
            var body = new MemoryStream();
            context.Request.InputStream.CopyTo(body);
            var received = receiver.Receive(context.Request.Headers, body.ToArray());
            foreach (var each in received.Events)
            {
                events.Add(each);
            }

            var reply = received.Reply();
            context.Response.StatusCode = reply.Status;
            foreach (var header in reply.Headers)
            {
                context.Response.Headers[header.Key] = header.Value;
            }

            context.Response.Close(Encoding.UTF8.GetBytes(reply.Body), false);
        }
    }
}
