using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace VoiceCall.Tests
{
    /// <summary>The language-neutral cases of core/tests/vectors; the format is described beside them.</summary>
    internal static class VectorTests
    {
        private static readonly string[] Keys = { "id", "kind", "contract", "given", "expected" };

        private static string Folder => Environment.GetEnvironmentVariable("VOICECALL_VECTORS");

        public static void Every_request_vector_holds()
        {
            int typed = 0, generic = 0;
            Run("requests.json", "request", given => Request(given, ref typed, ref generic));
            Console.WriteLine("       requests.json: {0} through models, {1} that models cannot hold through JSON", typed, generic);
            Check.That(typed > 3 * generic, "most requests go through the models");
        }

        public static void Every_response_vector_holds()
        {
            Run("responses.json", "response", Response);
        }

        public static void Every_webhook_vector_holds()
        {
            Run("webhooks.json", "webhook", PushedBody);
        }

        public static void Every_cdr_vector_holds()
        {
            Run("cdrs.json", "cdr", Record);
        }

        public static void Every_signature_vector_holds()
        {
            Run("signatures.json", "signature", Signature);
        }

        public static void Every_signing_vector_holds()
        {
            Run("signing.json", "signing", Signing);
        }

        public static void Every_code_vector_holds()
        {
            Run("codes.json", "code", FoundCode);
        }

        private static void Run(string file, string kind, Func<JsonObject, JsonObject> outcome)
        {
            var cases = ((List<object>)Json.Read(File.ReadAllText(Path.Combine(Folder, file)))).Cast<JsonObject>().ToList();
            var row = File.ReadLines(Path.Combine(Folder, "README.md")).Single(line => line.StartsWith("| `" + file, StringComparison.Ordinal));
            Check.Equal(int.Parse(row.Split('|')[3]), cases.Count, "the number of cases in " + file);
            var faults = new List<string>();
            foreach (var vector in cases)
            {
                Check.That(vector.Names.SequenceEqual(Keys), "the envelope of " + vector.Text("id"));
                Check.Equal(kind, vector.Text("kind"), vector.Text("id"));
                var fault = Fault(vector.Object("expected"), () => outcome(vector.Object("given")));
                if (fault != null)
                {
                    faults.Add(vector.Text("id") + ": " + fault);
                }
            }

            Check.That(faults.Count == 0, faults.Count + " cases fail\n" + string.Join("\n", faults.Take(20)));
        }

        /// <summary>What is wrong; null for nothing.</summary>
        private static string Fault(JsonObject expected, Func<JsonObject> outcome)
        {
            try
            {
                var actual = outcome();
                return Json.Same(expected, actual) ? null : "expected " + Json.Write(expected) + "\n    got      " + Json.Write(actual);
            }
            catch (VoiceCallException exception)
            {
                var wanted = expected.Object("error");
                return wanted != null && wanted.Names.All(name => Equals(wanted[name], Attribute(exception, name)))
                    ? null
                    : "expected " + Json.Write(expected) + "\n    got      " + exception.KindName + ": " + exception.Message;
            }
        }

        private static object Attribute(VoiceCallException exception, string name)
        {
            switch (name)
            {
                case "kind": return exception.KindName;
                case "delivery": return Models.Snake(exception.Delivery.ToString());
                case "retry": return Models.Snake(exception.Retry.ToString());
                case "field": return exception.Field;
                case "rule": return exception.Rule;
                case "measured": return long.TryParse(exception.Measured, out var number) ? (object)number : exception.Measured;
                case "result_code": return exception.ResultCode;
                case "result_desc": return exception.ResultDesc;
                case "http_status": return exception.HttpStatus.HasValue ? (object)(long)exception.HttpStatus.Value : null;
                default: throw new CheckFailedException("no attribute " + name);
            }
        }

        private static JsonObject Of(params object[] namesAndValues)
        {
            var json = new JsonObject();
            for (var i = 0; i < namesAndValues.Length; i += 2)
            {
                json.Add((string)namesAndValues[i], namesAndValues[i + 1]);
            }

            return json;
        }

        private static Config ConfigOf(JsonObject settings, string validation)
        {
            return new Config
            {
                AppKey = settings.Text("app_key"),
                AppSecret = settings.Text("app_secret") ?? settings.Text("secret"),
                Endpoint = settings.Text("endpoint"),
                CreatedZone = Words.CreatedZoneOf(settings.Text("created_zone") ?? settings.Text("zone")),
                Validation = Words.ValidationOf(validation),
            };
        }

        private static JsonObject Request(JsonObject given, ref int typed, ref int generic)
        {
            var config = ConfigOf(given.Object("config"), given.Text("validation"));
            var operation = given.Text("operation");
            var arguments = given.Object("arguments");
            var nonce = given.Text("nonce");
            var time = (long)given["time"];
            if (Models.Request(operation, arguments) is Interop.IWritten request)
            {
                typed++;
                return Json.ReadObject(SansIo.Sign(config, operation, request, nonce, time));
            }

            generic++;
            return Json.ReadObject(SansIo.Sign(config, operation, Json.Write(arguments), nonce, time));
        }

        private static byte[] Body(JsonObject given)
        {
            if (given.Has("body_base64"))
            {
                return Convert.FromBase64String(given.Text("body_base64"));
            }

            if (given.Object("body_repeat") is JsonObject repeat)
            {
                var middle = new StringBuilder().Insert(0, repeat.Text("repeat"), (int)(long)repeat["count"]);
                return Encoding.UTF8.GetBytes(repeat.Text("prefix") + middle + repeat.Text("suffix"));
            }

            return Encoding.UTF8.GetBytes(given.Text("body") ?? string.Empty);
        }

        private static JsonObject Response(JsonObject given)
        {
            var headers = given.Object("headers");
            var location = headers?.Names.FirstOrDefault(name => name.Equals("location", StringComparison.OrdinalIgnoreCase));
            var answer = SansIo.Read(
                given.Text("operation"), (int)(long)given["http_status"], location == null ? null : headers.Text(location), Body(given));
            return Of("value", Json.Read(answer));
        }

        private static JsonObject PushedBody(JsonObject given)
        {
            var parsed = Webhook.Parse(Body(given));
            if (parsed is FeeEvent fee && given.Has("body_repeat"))
            {
                return Of("counts", Of("feeLst", (long)fee.Cdrs.Count, "rejected", (long)fee.Rejected.Count));
            }

            var natural = Json.ReadObject(parsed.ToJson());
            foreach (var rejected in natural.List("rejected").Cast<JsonObject>())
            {
                // An English sentence, which is left to the library.
                rejected.Remove("reason");
            }

            Models.CheckEvent(parsed, natural);
            return Of("event", natural);
        }

        private static JsonObject Record(JsonObject given)
        {
            var fee = (FeeEvent)Webhook.Parse("{\"eventType\":\"fee\",\"feeLst\":[" + Json.Write(given["record"]) + "]}");
            var summary = fee.Cdrs[0].Summary(given.Text("tariff"));
            var told = Of("scene", summary.Scene, "answered", summary.Answered);
            told.Add("legs", summary.Legs.Select(leg => (object)LegOf(leg)).ToList());
            AddSet(told, "billable_minutes", summary.BillableMinutes);
            AddSet(told, "price", summary.Price);
            if (summary.Explanation is Explanation why)
            {
                told.Add("explanation", Of("table", why.Table, "code", why.Code.ToString(), "meaning", why.Meaning));
            }

            return told;
        }

        private static JsonObject LegOf(Leg leg)
        {
            var told = Of("leg", leg.Name, "answered", leg.Answered, "inferred", leg.Inferred);
            AddSet(told, "number", leg.Number);
            AddSet(told, "talk_seconds", leg.TalkSeconds);
            AddSet(told, "billable_minutes", leg.BillableMinutes);
            return told;
        }

        private static void AddSet(JsonObject to, string name, object value)
        {
            if (value != null)
            {
                to.Add(name, value);
            }
        }

        private static JsonObject Signature(JsonObject given)
        {
            var applications = given.Object("applications");
            var config = new WebhookConfig
            {
                Policy = Words.PolicyOf(given.Text("policy")),
                Urls = given.List("urls").Cast<string>().ToList(),
                Applications = applications.Names.SelectMany(key => SecretsOf(applications, key)
                    .Select(secret => new Application { AppKey = key, AppSecret = secret })).ToList(),
                CdrTolerance = given.Has("cdr_tolerance_s") ? TimeSpan.FromSeconds((long)given["cdr_tolerance_s"]) : (TimeSpan?)null,
                Tolerance = given.Has("tolerance_s") ? TimeSpan.FromSeconds((long)given["tolerance_s"]) : (TimeSpan?)null,
            };
            var now = DateTimeOffset.FromUnixTimeSeconds((long)given["now"]);
            var body = Encoding.UTF8.GetBytes(given.Text("event") == "fee"
                ? "{\"eventType\":\"fee\",\"feeLst\":[{\"sessionId\":\"1\"}]}"
                : "{\"eventType\":\"callout\",\"statusInfo\":{\"sessionId\":\"1\"}}");
            using (var receiver = new WebhookReceiver(config))
            {
                Action<string, byte[]> present = (nonce, seenBody) =>
                {
                    var first = config.Applications[0];
                    var seen = Webhook.Sign(first.AppKey, first.AppSecret, config.Urls[0], nonce, now);
                    Check.That(receiver.Receive(seen, seenBody, now).Verdict.IsValid, "a push that was seen before is valid");
                };

                foreach (var nonce in given.List("seen_nonces").Cast<string>())
                {
                    present(nonce, body.Concat(new[] { (byte)' ' }).ToArray());
                }

                foreach (var nonce in given.List("seen_pushes").Cast<string>())
                {
                    present(nonce, body);
                }

                var headers = given.Object("headers");
                var pairs = headers.Names.Select(name => new KeyValuePair<string, string>(name, headers.Text(name)));
                return Told(receiver.Receive(pairs, body, now));
            }
        }

        private static IEnumerable<string> SecretsOf(JsonObject applications, string key)
        {
            return applications[key] is string secret ? new[] { secret } : applications.List(key).Cast<string>();
        }

        private static JsonObject Told(Received received)
        {
            var verdict = received.Verdict;
            var told = Of("verdict", verdict.Name, "reply_status", (long)received.Reply().Status);
            AddSet(told, "form", verdict.Form?.ToString().ToLowerInvariant());
            AddSet(told, "url", verdict.Url);
            if (verdict.IsValid)
            {
                told.Add("secret_index", verdict.SecretIndex);
                told.Add("repeated", verdict.IsRepeated);
            }

            AddSet(told, "reason", verdict.Reason);
            AddSet(told, "hint", verdict.Hint);
            Check.Equal(verdict.IsRefused, received.Error != null, "a refused push has an error");
            Check.Equal(verdict.IsRefused ? 0 : 1, received.Events.Count, "number of events");
            return told;
        }

        private static JsonObject Signing(JsonObject given)
        {
            var config = ConfigOf(given, null);
            var request = Json.ReadObject(
                SansIo.Sign(config, "terminate_call", "{\"sessionid\":\"session-0001\"}", given.Text("nonce"), (long)given["time"]));
            var header = request.Object("headers").Text("x-aksk");
            return Of("x_aksk", header, "digest", Quoted(header, "PasswordDigest"), "created", Quoted(header, "Created"));
        }

        private static string Quoted(string header, string name)
        {
            var begin = header.IndexOf(name + "=\"", StringComparison.Ordinal) + name.Length + 2;
            return header.Substring(begin, header.IndexOf('"', begin) - begin);
        }

        private static JsonObject FoundCode(JsonObject given)
        {
            var code = Codes.Find(given.Text("table"), given.Text("code"), (int?)(long?)given["http_status"], given.Text("text"));
            var told = Of("known", code.IsKnown, "outdated", code.IsOutdated, "meaning", code.Meaning, "advice", code.Advice);
            AddSet(told, "retry", code.Retry);
            return told;
        }
    }
}
