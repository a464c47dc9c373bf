using System;
using System.Diagnostics;
using System.Linq;
using System.Text;

namespace VoiceCall.Bench
{
    /// <summary>A push of 50 CDRs, all fields of which are read.</summary>
    internal static class Webhooks
    {
        private const int Rounds = 3000;
        private const int Records = 50;
        private const int Values = 26;

        /// <summary>The official callback example.</summary>
        private const string Record = "{\"direction\":0,\"spId\":\"CaaS_Test_01\",\"appKey\":\"ka4k******YnEm2\","
            + "\"icid\":\"CAE-20190124110424-12019775\",\"bindNum\":\"+8675512****78\","
            + "\"sessionId\":\"1201_612_4294967295_20190124030424@callenabler245.huaweicaas.com\",\"callerNum\":\"+86138****0022\","
            + "\"calleeNum\":\"+86138****0021\",\"fwdDisplayNum\":\"+86138****0022\",\"fwdDstNum\":\"+86138****7021\","
            + "\"fwdStartTime\":\"2019-01-24 03:04:31\",\"fwdAlertingTime\":\"2019-01-24 03:04:36\","
            + "\"fwdAnswerTime\":\"2019-01-24 03:04:38\",\"callEndTime\":\"2019-01-24 03:04:49\",\"fwdUnaswRsn\":0,\"ulFailReason\":0,"
            + "\"sipStatusCode\":0,\"callOutStartTime\":\"2019-01-24 03:04:24\",\"callOutAlertingTime\":\"2019-01-24 03:04:27\","
            + "\"callOutAnswerTime\":\"2019-01-24 03:04:31\",\"callOutUnaswRsn\":0,\"recordFlag\":0,\"ttsPlayTimes\":0,"
            + "\"ttsTransDuration\":0,\"serviceType\":\"002\",\"hostName\":\"callenabler245.huaweicaas.com\"}";

        internal static void Run()
        {
            // Calls differ in who was called and when; what the application and the platform say of themselves does not.
            var records = string.Join(",", Enumerable.Range(10, Records).Select(i =>
                Record.Replace("1201_612_", "1201_6" + i + "_").Replace("-12019775", "-120197" + i).Replace("0021", "00" + i).Replace("03:04:", "03:" + i + ":")));
            var body = Encoding.UTF8.GetBytes("{\"eventType\":\"fee\",\"feeLst\":[" + records + "]}");
            var byHand = ReaderByHand.Emit();
            var names = Record.Split('"').Where((piece, i) => i % 2 == 1 && Record.Contains("\"" + piece + "\":")).ToArray();
            double[] ours = new double[Rounds], theirs = new double[Rounds], ratios = new double[Rounds];
            for (var round = 0; round < Rounds; round++)
            {
                var start = Stopwatch.GetTimestamp();
                var read = ReadAll((FeeEvent)Webhook.Parse(body));
                var between = Stopwatch.GetTimestamp();
                var sink = new ReaderByHand.Sink(names);
                byHand(body, sink);
                var end = Stopwatch.GetTimestamp();
                if (read != Records * Values || sink.Values != Records * Values)
                {
                    throw new InvalidOperationException("read " + read + " and " + sink.Values + " values");
                }

                ours[round] = between - start;
                theirs[round] = end - between;
                ratios[round] = ours[round] / theirs[round];
            }

            var tick = 1e6 / Stopwatch.Frequency;
            Program.Tell("webhook", Median(ours) * tick, "us");
            Program.Tell("webhook_reader", Median(theirs) * tick, "us");
            Program.Tell("webhook_ratio", Median(ratios), "x");
        }

        private static double Median(double[] rounds)
        {
            Array.Sort(rounds);
            return rounds[rounds.Length / 2];
        }

        /// <summary>Reads every property that the records have values for; returns their number.</summary>
        private static int ReadAll(FeeEvent fee)
        {
            var values = 0;
            foreach (var cdr in fee.Cdrs)
            {
                values += Is(cdr.Direction) + Is(cdr.SpId) + Is(cdr.AppKey) + Is(cdr.Icid) + Is(cdr.BindNum) + Is(cdr.SessionId)
                    + Is(cdr.CallerNum) + Is(cdr.CalleeNum) + Is(cdr.FwdDisplayNum) + Is(cdr.FwdDstNum) + Is(cdr.FwdStartTime)
                    + Is(cdr.FwdAlertingTime) + Is(cdr.FwdAnswerTime) + Is(cdr.CallEndTime) + Is(cdr.FwdUnaswRsn)
                    + Is(cdr.UlFailReason) + Is(cdr.SipStatusCode) + Is(cdr.CallOutStartTime) + Is(cdr.CallOutAlertingTime)
                    + Is(cdr.CallOutAnswerTime) + Is(cdr.CallOutUnaswRsn) + Is(cdr.RecordFlag) + Is(cdr.TtsPlayTimes)
                    + Is(cdr.TtsTransDuration) + Is(cdr.ServiceType) + Is(cdr.HostName);
            }

            return values;
        }

        private static int Is(string text)
        {
            return text == null ? 0 : 1;
        }

        private static int Is<T>(T? value)
            where T : struct
        {
            return value.HasValue ? 1 : 0;
        }
    }
}
