using System;
using System.Globalization;

namespace VoiceCall.Bench
{
    /// <summary>Measures, and prints one line a result: name, value, unit.</summary>
    internal static class Program
    {
        /// <summary>The argument is the address of a platform in another process, so that only the caller's work is counted.</summary>
        private static void Main(string[] arguments)
        {
            Webhooks.Run();
            Calls.Run(arguments[0]);
        }

        internal static void Tell(string name, double value, string unit)
        {
            Console.WriteLine(name + " " + value.ToString("0.###", CultureInfo.InvariantCulture) + " " + unit);
        }
    }
}
