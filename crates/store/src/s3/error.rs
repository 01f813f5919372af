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
        error => match status(&error.to_string()) {
            Some(401 | 403) => Error::Denied(error.into()),
            // These two ask for another try.
            Some(408 | 429) => Error::Unreachable(error.into()),
            Some(400..=499) => Error::refused(error.to_string()),
            Some(_) | None => Error::Unreachable(error.into()),
        },
    }
}

fn is_bucket_missing(error: &ObjectError) -> bool {
    matches!(error, ObjectError::NotFound { .. }) && error.to_string().contains("NoSuchBucket")
}

/// The status of the server's answer. The client keeps it private: only the error's text has it, as "non-2xx status
/// code: 400 Bad Request".
fn status(text: &str) -> Option<u16> {
    text.split("status code: ").nth(1)?.get(..3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::anywhere;
    use crate::Error;

    #[test]
    fn a_status_tells_what_to_do() {
        let error = |text: &str| anywhere(object_store::Error::Generic { store: "S3", source: text.into() });
        let refused = error("Server returned non-2xx status code: 400 Bad Request: EntityTooSmall");
        assert!(matches!(refused, Error::Refused { .. }));
        assert!(matches!(error("List: Server returned non-2xx status code: 403 Forbidden"), Error::Denied(_)));
        for text in
            ["non-2xx status code: 429 Too Many", "non-2xx status code: 503 Slow Down", "refused", "status code: "]
        {
            assert!(error(text).is_retryable(), "{text}");
        }
    }
}
