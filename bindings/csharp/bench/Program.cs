using System;
using System.Globalization;

namespace VoiceCall.Bench
{
    /// <summary>Measures, and prints one line a result: name, value, unit.</summary>
    internal static class Program
    {
        /// <summary>
        /// Without arguments: webhooks. With them: calls, by the client of this name, to the platform at this address in another
        /// process, so that only the caller's work is counted.
        /// </summary>
        private static void Main(string[] arguments)
        {
            if (arguments.Length == 0)
            {
                Webhooks.Run();
            }
            else
            {
                Calls.Run(arguments[0], arguments[1]);
            }
        }

        internal static void Tell(string name, double value, string unit)
        {
            Console.WriteLine(name + " " + value.ToString("0.###", CultureInfo.InvariantCulture) + " " + unit);
        }
    }
}
