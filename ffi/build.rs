//! Names the shared library after its ABI version, so that a program finds the library that it was built for.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let linux = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux");
    if linux {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libvoicecall.so.0");
    }
}
