using System;
using System.Collections.Generic;

namespace VoiceCall.Tests
{
    /// <summary>Null and what no .NET program should pass: the exceptions that .NET has for it.</summary>
    internal static class ArgumentTests
    {
        public static void Null_is_refused_with_the_name_of_the_argument()
        {
            using (var client = Given.Client("http://127.0.0.1:9"))
            using (var receiver = new WebhookReceiver(new WebhookConfig()))
            {
                IsNull("config", () => new VoiceCallClient(null));
                IsNull("config", () => new WebhookReceiver(null));
                IsNull("request", () => client.CreateVoiceCallback(null));
                IsNull("request", () => client.CreateVoiceNotificationAsync(null));
                IsNull("request", () => client.CreateVoiceVerificationCode(null));
                IsNull("request", () => client.Preview((VoiceCallback)null));
                IsNull("sessionId", () => client.TerminateCall(null));
                IsNull("request", () => client.GetRecordingDownloadUrl(null));
                IsNull("source", () => client.DownloadRecording(null, "x.wav"));
                IsNull("path", () => client.DownloadRecording(new RecordingSource(), null));
                IsNull("headers", () => receiver.Receive((Func<string, string>)null, new byte[0]));
                IsNull("body", () => Webhook.Parse((byte[])null));
                IsNull("body", () => Webhook.Parse((string)null));
                IsNull("headers", () => receiver.Receive((IEnumerable<KeyValuePair<string, string>>)null, new byte[0]));
                IsNull("body", () => receiver.Receive(WebhookTests.NoHeaders, null));
                IsNull("appSecret", () => Webhook.Sign("k", null, Given.PushUrl));
                IsNull("table", () => Codes.Find(null, "1"));
                IsNull("code", () => Codes.Find("state", null));
            }
        }

        public static void A_time_out_of_nothing_is_no_time_out()
        {
            using (var client = Given.Client("http://127.0.0.1:9"))
            {
                Check.Throws<ArgumentOutOfRangeException>(() => client.TerminateCall("s", TimeSpan.Zero));
                Check.Throws<ArgumentOutOfRangeException>(() => client.TerminateCall("s", TimeSpan.FromSeconds(-1)));
                Check.Throws<ArgumentOutOfRangeException>(() => client.TerminateCallAsync("s", TimeSpan.Zero));
            }
        }

        public static void Half_a_character_is_refused_and_not_replaced()
        {
            var request = Given.Notification();
            request.UserData = "\ud83d";
            using (var client = Given.Client("http://127.0.0.1:9"))
            {
                var thrown = false;
                try
                {
                    client.CreateVoiceNotification(request);
                }
                catch (ArgumentException)
                {
                    thrown = true;
                }

                Check.That(thrown, "half a surrogate pair is an ArgumentException");
            }
        }

        public static void A_nul_is_refused_where_none_can_stand_and_kept_where_it_can()
        {
            using (var client = Given.Client("http://127.0.0.1:9"))
            {
                Check.Throws<ArgumentException>(() => client.DownloadRecording(new RecordingSource(), "a\0b"));
                var request = Given.Notification();
                request.CalleeNbr = "+86138\00000021";
                var error = Check.Fails(ErrorKind.InvalidArgument, Delivery.NotSent, () => client.CreateVoiceNotification(request));
                Check.Equal("/calleeNbr", error.Field, "field");
            }
        }

        public static void An_item_that_is_null_is_told_with_its_place()
        {
            var request = Given.Notification();
            request.PlayInfoList.Add(null);
            using (var client = Given.Client("http://127.0.0.1:9"))
            {
                var error = Check.Fails(ErrorKind.InvalidArgument, Delivery.NotSent, () => client.CreateVoiceNotification(request));
                Check.Equal("/playInfoList/1", error.Field, "field");
            }
        }

        public static void Extra_fields_have_to_be_an_object()
        {
            var request = Given.Notification();
            request.Extra = "{\"a\":";
            using (var client = Given.Client("http://127.0.0.1:9"))
            {
                Check.Throws<VoiceCallException>(() => client.CreateVoiceNotification(request));
                request.Extra = "{\"future\":[1]}";
                Check.That(client.Preview(request).Contains("\"future\""), "extra fields are sent");
            }
        }

        private static void IsNull(string parameter, Action action)
        {
            Check.Equal(parameter, Check.Throws<ArgumentNullException>(action).ParamName, "name of the parameter");
        }
    }
}
