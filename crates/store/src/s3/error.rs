//! What the S3 client's errors mean for the caller.

use object_store::Error as ObjectError;

use crate::{Error, Key};

/// An error on the way to a blob or to an upload for it: "not found" is about that.
pub(super) fn at_key(key: &Key, error: ObjectError) -> Error {
    match error {
        ObjectError::NotFound { .. } if !is_bucket_missing(&error) => Error::not_found(key),
        other => anywhere(other),
    }
}

/// An error that is about no blob in particular.
pub(super) fn anywhere(error: ObjectError) -> Error {
    match error {
        error if is_bucket_missing(&error) => Error::refused(format!("there is no such bucket: {error}")),
        ObjectError::PermissionDenied { .. } | ObjectError::Unauthenticated { .. } => Error::Denied(error.into()),
        ObjectError::InvalidPath { .. }
        | ObjectError::NotSupported { .. }
        | ObjectError::NotImplemented { .. }
        | ObjectError::UnknownConfigurationKey { .. } => Error::refused(error.to_string()),
        error if is_refusal(&error.to_string()) => Error::refused(error.to_string()),
        error => Error::Unreachable(error.into()),
    }
}

fn is_bucket_missing(error: &ObjectError) -> bool {
    matches!(error, ObjectError::NotFound { .. }) && error.to_string().contains("NoSuchBucket")
}

/// Whether the server understood and said no for good. The client's error keeps the status private: only its text
/// has it, as "non-2xx status code: 400 Bad Request".
fn is_refusal(text: &str) -> bool {
    let status = text.split("status code: ").nth(1).and_then(|rest| rest.get(..3)).and_then(|code| code.parse().ok());
    // 408 and 429 ask for another try.
    matches!(status, Some(400..=407 | 410..=428 | 430..=499u16))
}

#[cfg(test)]
mod tests {
    use super::is_refusal;

    #[test]
    fn a_status_tells_whether_to_try_again() {
        for (text, expected) in [
            ("Server returned non-2xx status code: 400 Bad Request: EntityTooSmall", true),
            ("Server returned non-2xx status code: 429 Too Many Requests", false),
            ("Server returned non-2xx status code: 503 Slow Down", false),
            ("error sending request", false),
            ("status code: ", false),
        ] {
            assert_eq!(is_refusal(text), expected, "{text}");
        }
    }
}
