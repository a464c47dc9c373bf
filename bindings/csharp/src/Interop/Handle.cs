using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace VoiceCall.Interop
{
    /// <summary>
    /// An object of the library. The handle itself is given to P/Invoke, which counts its uses: whoever disposes it while a
    /// function works with it, on whatever thread, only sees it freed when that function has returned.
    /// </summary>
    internal abstract class Handle : SafeHandle
    {
        private long pressure;

        protected Handle() : base(IntPtr.Zero, true)
        {
        }

        public override bool IsInvalid => handle == IntPtr.Zero;

        /// <summary>
        /// Tells the garbage collector of memory that it cannot see. Without it, thousands of forgotten events look like
        /// thousands of small objects, which no one is in a hurry to collect.
        /// </summary>
        internal void Weighs(long bytes)
        {
            if (bytes > 0 && Interlocked.CompareExchange(ref pressure, bytes, 0) == 0)
            {
                GC.AddMemoryPressure(bytes);
            }
        }

        protected override bool ReleaseHandle()
        {
            if (pressure > 0)
            {
                GC.RemoveMemoryPressure(pressure);
            }

            return true;
        }
    }
}
