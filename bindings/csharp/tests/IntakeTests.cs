using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace VoiceCall.Tests
{
    /// <summary>The store of pushes: what is kept, what is answered, and what can be asked.</summary>
    internal static class IntakeTests
    {
        private const string Ended = "{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"session-0001\",\"icid\":\"i-1\","
            + "\"callerNum\":\"+867550000088\",\"calleeNum\":\"+8613800000021\",\"callOutAnswerTime\":\"2019-01-24 03:04:31\","
            + "\"fwdAnswerTime\":\"2019-01-24 03:04:38\",\"callEndTime\":\"2019-01-24 03:04:49\",\"ulFailReason\":\"0\","
            + "\"fwdDstNum\":\"+8613800000022\"}]}";

        private const string WithABadRecord =
            "{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"session-0002\",\"icid\":\"i-2\"},{\"icid\":7}]}";

        public static void What_comes_twice_is_known_also_after_reopening()
        {
            InFolder(config =>
            {
                using (var intake = new Intake(config))
                {
                    var receipt = Receive(intake, Ended);
                    Check.Equal(200, receipt.Reply.Status, "status");
                    Check.Equal(1L, receipt.Accepted, "accepted");
                    Check.That(receipt.IsNew(0) && !receipt.IsNew(1), "the first record is new");
                    Check.Equal("session-0001", receipt.NewCdrs.Single().SessionId, "session");
                    Check.Equal("not_checked", receipt.Verdict.Name, "verdict");
                    Check.Equal(1L, Receive(intake, Ended).Duplicates, "duplicates");
                }

                using (var intake = new Intake(config))
                {
                    var receipt = Receive(intake, Ended);
                    Check.Equal(0L, receipt.Accepted, "accepted after reopening");
                    Check.Equal(1L, receipt.Duplicates, "duplicates after reopening");
                    Check.Equal(0, receipt.NewCdrs.Count(), "new CDRs");
                    Check.Equal(1, receipt.Events.Count, "a known push is read too");
                }
            });
        }

        public static void A_bad_record_is_kept_beside_its_good_neighbour_and_a_broken_body_too()
        {
            InFolder(config =>
            {
                using (var intake = new Intake(config))
                {
                    var receipt = Receive(intake, WithABadRecord);
                    Check.Equal(200, receipt.Reply.Status, "status");
                    Check.Equal(1L, receipt.Accepted, "accepted");
                    Check.Equal(1L, receipt.Rejected, "rejected");
                    var broken = Receive(intake, "{");
                    Check.Equal(500, broken.Reply.Status, "status of what ends early: it shall come again");
                    Check.Equal(ErrorKind.MalformedWebhook, broken.Error.Kind, "kind");
                    Check.Equal(0, broken.Events.Count, "events");
                }
            });
        }

        public static void A_signature_that_does_not_hold_is_refused()
        {
            InFolder(config =>
            {
                var webhook = new WebhookConfig
                {
                    Urls = new[] { Given.PushUrl },
                    Applications = new[] { new Application { AppKey = Given.AppKey, AppSecret = Given.AppSecret } },
                    Policy = Policy.Require,
                };
                using (var intake = new Intake(config, webhook))
                {
                    var refused = Receive(intake, Ended);
                    Check.Equal(401, refused.Reply.Status, "status");
                    Check.Equal(ErrorKind.Signature, refused.Error.Kind, "kind");
                    Check.Equal("missing_header", refused.Verdict.Reason, "reason");
                    var headers = Webhook.Sign(Given.AppKey, Given.AppSecret, Given.PushUrl);
                    Check.That(intake.Receive(headers, Encoding.UTF8.GetBytes(Ended)).Verdict.IsValid, "the signature holds");
                }
            });
        }

        public static void The_story_of_a_call_is_told_counted_and_exported()
        {
            InFolder(config =>
            {
                using (var intake = new Intake(config))
                {
                    Check.Equal(null, intake.Call("session-0001"), "nothing is known yet");
                    Receive(intake, Ended);
                    var call = intake.Call("session-0001");
                    Check.Equal("billed", call.State, "state");
                    Check.Equal("callback", call.Scene, "scene");
                    Check.That(call.Answered && call.IsOver, "it was answered and is over");
                    Check.Equal(11L, call.TalkSeconds, "talk");
                    Check.Equal(new DateTimeOffset(2019, 1, 24, 3, 4, 49, TimeSpan.Zero), call.EndedAt, "end");
                    Check.Equal("+8613800000022", call.Legs.Last().Number, "B");
                    Check.That(call.Json.Contains("\"i-1\""), "the CDR is in the JSON");
                    Receive(intake, WithABadRecord);
                    var page = intake.Calls(new CallFilter { Limit = 1 });
                    Check.Equal(1, page.Calls.Count, "calls of a page");
                    Check.Equal(null, intake.Calls(new CallFilter { Limit = 1, After = page.Next }).Next, "the last page");
                    Check.Equal("session-0001", intake.Calls(new CallFilter { Number = "+8613800000022" }).Calls.Single().SessionId, "found");
                    Check.Equal(0, intake.Unsettled().Count, "unsettled");
                    var total = intake.Totals(new CallFilter { From = "2019-01-01" }, new[] { "month" }, "0.18", CreatedZone.Beijing).Single();
                    Check.Equal("2019-01", total.Group["month"], "month");
                    Check.Equal(1L, total.Answered, "answered");
                    Check.That(total.Price != null, "there is a price");
                    Check.Fails(ErrorKind.InvalidArgument, Delivery.NotSent, () => intake.Totals(zone: (CreatedZone)99));
                    Check.Equal("+8613800000022", intake.StoredNumber("+8613800000022"), "numbers are kept as they are");
                    var csv = new MemoryStream();
                    Check.Equal(2L, intake.Export(csv, ExportFormat.Csv), "exported");
                    Check.That(Encoding.UTF8.GetString(csv.ToArray()).Contains("session-0001"), "the CSV names the call");
                    Check.Throws<NotSupportedException>(() => intake.Export(new MemoryStream(new byte[0], false), ExportFormat.Ndjson));
                    var rejected = intake.Rejected("record", 1);
                    Check.That(Encoding.UTF8.GetString(rejected.Texts.Single().Raw).StartsWith("{"), "the record as it came");
                    Check.That(rejected.Texts[0].Position == 1 && rejected.Texts[0].ReceivedAt != null, "where and when");
                    Check.Equal(null, rejected.Next, "the last page");
                    Check.Fails(ErrorKind.InvalidArgument, Delivery.NotSent, () => intake.Rejected("moon"));
                    intake.Check();
                    intake.Probe();
                }
            });
        }

        public static void A_wait_ends_with_the_push_with_its_time_and_with_the_intake()
        {
            InFolder(config =>
            {
                using (var intake = new Intake(config))
                {
                    Check.Equal(null, intake.WaitFor("session-0001", "billed", TimeSpan.FromMilliseconds(10)), "in time");
                    var billed = intake.WaitForAsync("session-0001", "billed", TimeSpan.FromMinutes(1));
                    Check.Equal(1L, intake.ReceiveAsync(WebhookTests.NoHeaders, Encoding.UTF8.GetBytes(Ended)).Result.Accepted, "accepted");
                    Check.Equal("billed", billed.Result.State, "state");
                    var never = intake.WaitForAsync("session-0009", "ended", TimeSpan.FromMinutes(1));
                    intake.Close();
                    var closed = (VoiceCallException)Check.Throws<AggregateException>(never.Wait).InnerException;
                    Check.Equal(ErrorKind.Closed, closed.Kind, "kind");
                    using (var cancelled = new CancellationTokenSource())
                    {
                        cancelled.Cancel();
                        var task = intake.WaitForAsync("s", "ended", TimeSpan.FromMinutes(1), cancelled.Token);
                        Check.Equal(TaskStatus.Canceled, task.Status, "cancelled");
                    }
                }
            });
        }

        public static void Hundreds_wait_at_once_while_webhooks_come()
        {
            const int Many = 300;
            InFolder(config =>
            {
                using (var intake = new Intake(config))
                {
                    var waits = Enumerable.Range(0, Many)
                        .Select(i => intake.WaitForAsync("session-" + i, "billed", TimeSpan.FromSeconds(30)))
                        .ToArray();
                    var pushes = Enumerable.Range(0, Many)
                        .Select(i => Encoding.UTF8.GetBytes(Ended.Replace("session-0001", "session-" + i)))
                        .Select(body => intake.ReceiveAsync(WebhookTests.NoHeaders, body))
                        .ToArray();
                    Check.That(pushes.All(push => push.Result.Reply.Status == 200), "all are kept");
                    Check.That(waits.All(wait => wait.Result?.State == "billed"), "all are billed");
                }
            });
        }

        public static void An_attempt_carries_its_mark_and_a_placed_call_begins_its_story()
        {
            InFolder(config =>
            {
                using (var intake = new Intake(config))
                {
                    var request = Given.Notification();
                    request.UserData = "order-7";
                    var attempt = intake.Attempt(request);
                    Check.Equal("order-7-" + attempt.Tag, attempt.UserData, "user data");
                    request.UserData = attempt.UserData;
                    Receive(intake, "{\"eventType\":\"callout\",\"statusInfo\":{\"sessionId\":\"session-0009\","
                        + "\"timestamp\":\"2019-01-24 03:04:49\",\"userData\":\"" + attempt.UserData + "\"}}");
                    var call = intake.Call("session-0009");
                    Check.Equal("create_voice_notification", call.Operation, "operation");
                    Check.Equal("order-7", call.UserData, "user data of the call");
                    Check.Equal(attempt.Tag, call.AttemptTag, "mark");
                    using (var peer = Peer.Answering(Given.Success))
                    using (var client = Given.Client(peer.Url))
                    {
                        var placed = client.CreateVoiceNotification(request);
                        intake.Placed(request, placed, attempt.Tag);
                        Check.Equal("placed", intake.Call(placed.SessionId).State, "state");
                    }

                    intake.Withdraw(intake.Attempt(request).Tag);
                }
            });
        }

        public static void What_is_purged_is_gone_and_mistakes_are_named()
        {
            InFolder(config =>
            {
                var intake = new Intake(config);
                Receive(intake, Ended);
                Check.Equal(0L, intake.Purge(new DateTimeOffset(2019, 1, 1, 0, 0, 0, TimeSpan.Zero)).Calls, "younger calls stay");
                Check.Equal(1L, intake.Purge(new DateTimeOffset(2019, 2, 1, 0, 0, 0, TimeSpan.Zero)).Calls, "older calls go");
                Check.Equal(null, intake.Call("session-0001"), "it is gone");
                var soon = Check.Fails(ErrorKind.InvalidArgument, Delivery.NotSent, () => intake.WaitFor("s", "soon", TimeSpan.Zero));
                Check.Equal("/condition", soon.Field, "field");
                intake.Dispose();
                intake.Dispose();
                Check.Equal(nameof(Intake), Check.Throws<ObjectDisposedException>(() => intake.Calls()).ObjectName, "disposed");
            });
            Check.Throws<ArgumentNullException>(() => new Intake(null));
            var store = Check.Fails(ErrorKind.Configuration, Delivery.NotSent, () => new Intake(new IntakeConfig()));
            Check.Equal("/store", store.Field, "field");
            var postgres = new IntakeConfig { Store = "postgres://127.0.0.1:9/d" };
            Check.Fails(ErrorKind.Configuration, Delivery.NotSent, () => new Intake(postgres));
        }

        private static Receipt Receive(Intake intake, string body)
        {
            return intake.Receive(WebhookTests.NoHeaders, Encoding.UTF8.GetBytes(body));
        }

        /// <summary>Gives settings of a store in a folder that goes when the test does.</summary>
        private static void InFolder(Action<IntakeConfig> test)
        {
            var folder = Path.Combine(Path.GetTempPath(), "voicecall-intake-" + Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(folder);
            try
            {
                test(new IntakeConfig { Store = "sqlite:" + Path.Combine(folder, "calls.db") });
            }
            finally
            {
                Directory.Delete(folder, true);
            }
        }
    }
}
