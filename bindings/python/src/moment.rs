//! Times of pushes as `datetime` objects in UTC.
//!
//! A CDR has up to ten times, so making one has to be cheap. Measured on CPython 3.11, per object: calling the class
//! 300 ns, giving it the state that its pickles hold 90 ns, the function of `datetime`'s own C API 45 ns.

use std::ffi::{c_int, c_void};
use std::ptr;

use pyo3::exceptions::PySystemError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use time::Date;

/// Makes `datetime` objects.
struct Maker {
    class: Py<PyAny>,
    utc: Py<PyAny>,
    how: How,
}

enum How {
    /// `DateTime_FromDateAndTime` of the C API.
    FromParts(FromParts),
    /// The class's `__new__`, called with the state that pickles hold. Any later Python has to read it: it has to read
    /// the pickles of this one.
    FromState(ffi::newfunc),
}

type FromParts = unsafe extern "C" fn(
    c_int,
    c_int,
    c_int,
    c_int,
    c_int,
    c_int,
    c_int,
    *mut ffi::PyObject,
    *mut ffi::PyTypeObject,
) -> *mut ffi::PyObject;

/// The beginning of `PyDateTime_CAPI`, the same in every CPython from 3.7 to 3.15.
#[repr(C)]
struct DateTimeApi {
    date: *mut ffi::PyObject,
    datetime: *mut ffi::PyObject,
    time: *mut ffi::PyObject,
    timedelta: *mut ffi::PyObject,
    tzinfo: *mut ffi::PyObject,
    utc: *mut ffi::PyObject,
    from_date: *mut c_void,
    from_parts: FromParts,
}

/// The minor versions whose C API is known to be laid out so. It is no part of the stable ABI, so a later version gets
/// the slower way until its headers have been read.
const KNOWN_VERSIONS: std::ops::RangeInclusive<u8> = 10..=15;

static MAKER: PyOnceLock<Maker> = PyOnceLock::new();

/// Year, month, day, hour, minute, second, in UTC.
type Parts = [u16; 6];

/// A point in time. `None` for years that `datetime` does not have.
pub(crate) fn datetime(py: Python<'_>, unix_seconds: i64) -> PyResult<Bound<'_, PyAny>> {
    let Some(parts) = parts(unix_seconds) else {
        return Ok(py.None().into_bound(py));
    };
    let maker = MAKER.get_or_try_init(py, || Maker::new(py))?;
    let made = maker.make(py, parts);
    // SAFETY: a new object, or null with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(py, made) }
}

/// The Julian day of 1970-01-01.
const EPOCH_JULIAN_DAY: i64 = 2_440_588;

/// What the calendar and the clock show. By way of a date alone: with a date-time of the crate it takes twice as long.
fn parts(unix_seconds: i64) -> Option<Parts> {
    let (day, second) = (unix_seconds.div_euclid(86_400), unix_seconds.rem_euclid(86_400));
    let date = Date::from_julian_day(i32::try_from(day + EPOCH_JULIAN_DAY).ok()?).ok()?;
    let (year, month, day) = date.to_calendar_date();
    let year = u16::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
    let second = second as u32;
    let clock = [second / 3600, second / 60 % 60, second % 60].map(|part| part as u16);
    Some([year, u8::from(month).into(), day.into(), clock[0], clock[1], clock[2]])
}

impl Maker {
    fn new(py: Python<'_>) -> PyResult<Maker> {
        let module = py.import("datetime")?;
        let class = module.getattr("datetime")?;
        let utc = module.getattr("timezone")?.getattr("utc")?;
        let how = match c_api(py, &module)? {
            Some(from_parts) => How::FromParts(from_parts),
            None => How::FromState(constructor(&class)?),
        };
        Ok(Maker {
            class: class.unbind(),
            utc: utc.unbind(),
            how,
        })
    }

    fn make(&self, py: Python<'_>, parts: Parts) -> *mut ffi::PyObject {
        let class = self.class.as_ptr().cast();
        match self.how {
            How::FromParts(from_parts) => {
                let [year, month, day, hour, minute, second] = parts.map(c_int::from);
                // SAFETY: the interpreter's own function, with the arguments it is declared with.
                unsafe { from_parts(year, month, day, hour, minute, second, 0, self.utc.as_ptr(), class) }
            }
            How::FromState(new) => match (pyo3::types::PyBytes::new(py, &state(parts)), &self.utc).into_pyobject(py) {
                // SAFETY: `new` belongs to this class, and gets a tuple and no keywords.
                Ok(arguments) => unsafe { new(class, arguments.as_ptr(), ptr::null_mut()) },
                Err(error) => {
                    error.restore(py);
                    ptr::null_mut()
                }
            },
        }
    }
}

/// What a pickle of a `datetime` holds: year in two bytes, the other parts in one each, microseconds in three.
fn state([year, others @ ..]: Parts) -> [u8; 10] {
    let [high, low] = year.to_be_bytes();
    // All of these are below 60.
    let [month, day, hour, minute, second] = others.map(|part| part as u8);
    [high, low, month, day, hour, minute, second, 0, 0, 0]
}

/// The function of `datetime`'s C API, where its layout is known.
fn c_api(py: Python<'_>, module: &Bound<'_, PyModule>) -> PyResult<Option<FromParts>> {
    let version = py.version_info();
    if version.major != 3 || !KNOWN_VERSIONS.contains(&version.minor) {
        return Ok(None);
    }
    // SAFETY: the name ends with a NUL; the capsule, where there is one, lives as long as the interpreter.
    let api = unsafe { ffi::PyCapsule_Import(c"datetime.datetime_CAPI".as_ptr(), 0) };
    if api.is_null() {
        drop(PyErr::take(py));
        return Ok(None);
    }
    // SAFETY: `PyDateTime_CAPI` begins so in the known versions.
    let api = unsafe { &*api.cast::<DateTimeApi>() };
    let named = ["date", "datetime", "time", "timedelta", "tzinfo"].map(|name| module.getattr(name));
    let found = [api.date, api.datetime, api.time, api.timedelta, api.tzinfo];
    for (named, found) in named.into_iter().zip(found) {
        if named?.as_ptr() != found {
            return Ok(None);
        }
    }
    let utc = module.getattr("timezone")?.getattr("utc")?;
    Ok((utc.as_ptr() == api.utc).then_some(api.from_parts))
}

/// `datetime.__new__` as the interpreter calls it.
fn constructor(class: &Bound<'_, PyAny>) -> PyResult<ffi::newfunc> {
    // SAFETY: `datetime` is a class; every class has this slot, and what it holds is a `newfunc`.
    let new = unsafe {
        let slot = ffi::PyType_GetSlot(class.as_ptr().cast(), ffi::Py_tp_new);
        std::mem::transmute::<*mut c_void, Option<ffi::newfunc>>(slot)
    };
    new.ok_or_else(|| PySystemError::new_err("datetime cannot be made"))
}
