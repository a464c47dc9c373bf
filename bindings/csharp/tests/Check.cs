using System;
using System.Collections.Generic;

namespace VoiceCall.Tests
{
    /// <summary>What a test says of what it finds. The first thing that does not hold ends it.</summary>
    internal static class Check
    {
        internal static void That(bool holds, string what)
        {
            if (!holds)
            {
                throw new CheckFailedException(what);
            }
        }

        internal static void Equal<T>(T expected, T actual, string what = null)
        {
            That(EqualityComparer<T>.Default.Equals(expected, actual), what + " is <" + actual + ">, not <" + expected + ">");
        }

        /// <summary>That this is thrown, and nothing derived from it; returns it.</summary>
        internal static T Throws<T>(Action action)
            where T : Exception
        {
            try
            {
                action();
            }
            catch (Exception exception) when (exception.GetType() == typeof(T))
            {
                return (T)exception;
            }
            catch (Exception exception)
            {
                throw new CheckFailedException("not " + typeof(T).Name + " but " + exception);
            }

            throw new CheckFailedException(typeof(T).Name + " is not thrown");
        }

        internal static VoiceCallException Fails(ErrorKind kind, Delivery delivery, Action action)
        {
            var exception = Throws<VoiceCallException>(action);
            Equal(kind, exception.Kind, exception.Message + ": kind");
            Equal(delivery, exception.Delivery, exception.Message + ": delivery");
            That(exception.Message.Length > 0 && exception.Advice.Length > 0, "message and advice are always there");
            return exception;
        }
    }

    internal sealed class CheckFailedException : Exception
    {
        internal CheckFailedException(string message) : base(message)
        {
        }
    }
}
