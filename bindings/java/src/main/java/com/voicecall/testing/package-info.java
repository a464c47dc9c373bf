/** What tests of programs that place calls need: a platform that rings nobody. */
package com.voicecall.testing;
