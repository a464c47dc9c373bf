using System;
using System.Diagnostics;
using System.Linq;
using System.Reflection;

namespace VoiceCall.Tests
{
    /// <summary>
    /// Runs every public static method without parameters of the classes named <c>…Tests</c>. A framework from elsewhere would
    /// have to be fetched, and to work on Mono and on .NET alike.
    /// </summary>
    internal static class Program
    {
        /// <summary>Arguments: texts that the names of tests have to contain; none: all tests.</summary>
        private static int Main(string[] wanted)
        {
            var classes = Assembly.GetExecutingAssembly().GetTypes().Where(type => type.Name.EndsWith("Tests", StringComparison.Ordinal));
            var tests = classes
                .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(test => test.GetParameters().Length == 0)
                .Where(test => wanted.Length == 0 || wanted.Any(Name(test).Contains))
                .OrderBy(Name, StringComparer.Ordinal);
            int passed = 0, failed = 0;
            foreach (var test in tests)
            {
                if (Passes(test))
                {
                    passed++;
                }
                else
                {
                    failed++;
                }
            }

            Console.WriteLine("test result: {0}. {1} passed; {2} failed", failed == 0 ? "ok" : "FAILED", passed, failed);
            return failed == 0 ? 0 : 1;
        }

        private static bool Passes(MethodInfo test)
        {
            var clock = Stopwatch.StartNew();
            try
            {
                ((Action)Delegate.CreateDelegate(typeof(Action), test))();
                Console.WriteLine("ok     {0} ({1} ms)", Name(test), clock.ElapsedMilliseconds);
                return true;
            }
            catch (Exception exception)
            {
                Console.WriteLine("FAILED {0}: {1}", Name(test), exception is CheckFailedException ? exception.Message : exception.ToString());
                return false;
            }
        }

        private static string Name(MethodInfo test)
        {
            return test.DeclaringType.Name + ": " + test.Name.Replace('_', ' ');
        }
    }
}
