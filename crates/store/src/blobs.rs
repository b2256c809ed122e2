//! Files: content-addressed by their SHA-256, in a local folder (or, later, any object store).

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

use crate::Error;

/// Where files are kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<LocalFileSystem>,
}

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// SHA-256 of its bytes, in hexadecimal.
    pub id: String,
    /// Its length in bytes.
    pub size: u64,
}

/// The bytes of a stored file, in pieces.
pub type Pieces = BoxStream<'static, object_store::Result<Bytes>>;

/// A file on its way in.
pub struct Upload {
    store: Arc<LocalFileSystem>,
    incoming: Path,
    writer: BufWriter,
    hasher: Sha256,
    size: u64,
}

impl Blobs {
    /// Opens the folder, making it when it is missing.
    ///
    /// # Errors
    /// A folder that cannot be made.
    pub fn open(folder: &FilePath) -> Result<Self, Error> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(anyhow::Error::from)?.with_fsync(true);
        Ok(Self { store: Arc::new(store) })
    }

    /// Begins to take a file in.
    pub fn upload(&self) -> Upload {
        let incoming = Path::from(format!("incoming/{}", Uuid::now_v7()));
        let writer = BufWriter::new(self.store.clone() as Arc<dyn ObjectStore>, incoming.clone());
        Upload { store: self.store.clone(), incoming, writer, hasher: Sha256::new(), size: 0 }
    }

    /// The length and the bytes of a file; `None` when there is none of this id.
    ///
    /// # Errors
    /// A disk that fails.
    pub async fn read(&self, id: &str) -> Result<Option<(u64, Pieces)>, Error> {
        let Some(path) = path_of(id) else { return Ok(None) };
        match self.store.get(&path).await {
            Ok(found) => Ok(Some((found.meta.size, found.into_stream()))),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(anyhow::Error::from(error).into()),
        }
    }

    /// Where a file lies on this machine, for readers that need one; `None` when there is none of this id.
    pub fn local_path(&self, id: &str) -> Option<PathBuf> {
        let path = self.store.path_to_filesystem(&path_of(id)?).ok()?;
        path.is_file().then_some(path)
    }
}

impl Upload {
    /// Bytes taken so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// A disk that fails.
    pub async fn write(&mut self, piece: Bytes) -> Result<(), Error> {
        self.hasher.update(&piece);
        self.size += piece.len() as u64;
        self.writer.put(piece).await.map_err(|error| anyhow::Error::from(error).into())
    }

    /// Keeps the file under its hash; the same bytes are kept once.
    ///
    /// # Errors
    /// A disk that fails.
    pub async fn finish(mut self) -> Result<Blob, Error> {
        self.writer.shutdown().await?;
        let id: String = self.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let path = path_of(&id).ok_or_else(|| anyhow::anyhow!("a hash that is no hash"))?;
        self.store.rename(&self.incoming, &path).await.map_err(anyhow::Error::from)?;
        Ok(Blob { id, size: self.size })
    }

    /// Forgets what was taken.
    ///
    /// # Errors
    /// A disk that fails.
    pub async fn abort(mut self) -> Result<(), Error> {
        self.writer.abort().await.map_err(anyhow::Error::from)?;
        match self.store.delete(&self.incoming).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(anyhow::Error::from(error).into()),
        }
    }
}

/// `ab/abcdef…`; `None` when it is no SHA-256 in lower-case hexadecimal, so that no name leads out of the folder.
fn path_of(id: &str) -> Option<Path> {
    let is_hash = id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let folder = id.get(..2).filter(|_| is_hash)?;
    Some(Path::from(format!("{folder}/{id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn keeps_the_same_bytes_once_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let mut ids = Vec::new();
        for _ in 0..2 {
            let mut upload = blobs.upload();
            upload.write(Bytes::from_static(b"hello ")).await.unwrap();
            upload.write(Bytes::from_static(b"world")).await.unwrap();
            ids.push(upload.finish().await.unwrap());
        }
        assert_eq!(ids[0], ids[1]);
        assert_eq!(ids[0].id, "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
        let (size, _) = blobs.read(&ids[0].id).await.unwrap().unwrap();
        assert_eq!(size, 11);
        assert_eq!(std::fs::read(blobs.local_path(&ids[0].id).unwrap()).unwrap(), b"hello world");
        assert!(blobs.read("../../etc/passwd").await.unwrap().is_none());
        assert!(blobs.read(&"0".repeat(64)).await.unwrap().is_none());
        let mut upload = blobs.upload();
        upload.write(Bytes::from_static(b"half")).await.unwrap();
        upload.abort().await.unwrap();
        let left = std::fs::read_dir(folder.path().join("incoming")).map(|left| left.count()).unwrap_or(0);
        assert_eq!(left, 0);
    }
}
