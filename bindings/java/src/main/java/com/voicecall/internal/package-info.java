/** How this package calls the native library. No part of what programs may use: it changes without notice. */
package com.voicecall.internal;
