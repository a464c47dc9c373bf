using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using VoiceCall.Interop;

namespace VoiceCall.Testing
{
    /// <summary>A local VoiceCall platform for tests: the command <c>voicecall sandbox</c>. Nobody is rung.</summary>
    public sealed class Sandbox : IDisposable
    {
        private const int MillisecondsToStop = 5000;

        private readonly Process process;

        private Sandbox(Process process, Value ready)
        {
            this.process = process;
            Endpoint = ready.Text("/endpoint");
            Admin = ready.Text("/admin");
            AppKey = ready.Text("/app_key");
            AppSecret = ready.Text("/app_secret");
            DisplayNumbers = ready.Items("/display_numbers", (value, pointer) => value.Text(pointer));
            VoiceFiles = ready.Items("/voice_files", (value, pointer) => value.Text(pointer));
            Templates = ready.Items("/templates", (value, pointer) => value.Text(pointer + "/id"));
        }

        /// <summary>Base URL of the five calls.</summary>
        public string Endpoint { get; }

        /// <summary>Base URL of the admin API, by which tests look into the platform.</summary>
        public string Admin { get; }

        /// <summary>Key of its application.</summary>
        public string AppKey { get; }

        /// <summary>Secret of its application.</summary>
        public string AppSecret { get; }

        /// <summary>Numbers that may be shown to called parties.</summary>
        public IReadOnlyList<string> DisplayNumbers { get; }

        /// <summary>Voice files that requests may name.</summary>
        public IReadOnlyList<string> VoiceFiles { get; }

        /// <summary>Ids of the templates that requests may name.</summary>
        public IReadOnlyList<string> Templates { get; }

        /// <summary>Starts a platform on a free port, and waits until it listens.</summary>
        /// <param name="speed">How many times faster than real time its clock runs.</param>
        /// <param name="command">The command, if it is not to be found on the PATH.</param>
        /// <exception cref="FileNotFoundException">There is no such command.</exception>
        /// <exception cref="InvalidOperationException">It did not start.</exception>
        public static Sandbox Start(double speed = 1, string command = "voicecall")
        {
            var process = Run(command, "sandbox --json --speed " + speed.ToString("R", CultureInfo.InvariantCulture));
            try
            {
                var line = process.StandardOutput.ReadLine();
                using (var ready = Value.Parse(line ?? throw new InvalidOperationException("The sandbox ended instead of starting.")))
                {
                    return new Sandbox(process, ready);
                }
            }
            catch
            {
                Stop(process);
                throw;
            }
        }

        /// <summary>Settings of a client for this platform.</summary>
        public Config NewConfig()
        {
            return new Config { AppKey = AppKey, AppSecret = AppSecret, Endpoint = Endpoint };
        }

        /// <summary>Stops the platform. Everything in it is gone.</summary>
        public void Dispose()
        {
            Stop(process);
        }

        private static Process Run(string command, string arguments)
        {
            var start = new ProcessStartInfo(command, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            try
            {
                return Process.Start(start);
            }
            catch (Win32Exception exception)
            {
                throw new FileNotFoundException("The command " + command + " cannot be started.", command, exception);
            }
        }

        /// <summary>It stops when its standard input closes, so that it also ends with the program that started it.</summary>
        private static void Stop(Process process)
        {
            using (process)
            {
                try
                {
                    process.StandardInput.Close();
                }
                catch (IOException)
                {
                    // It has ended already.
                }

                if (!process.WaitForExit(MillisecondsToStop))
                {
                    process.Kill();
                }
            }
        }
    }
}
