//! Link arguments of an addon: its N-API symbols come from the program that loads it.

fn main() {
    napi_build::setup();
}
