//! What a storage promises, held against a folder and an S3 server.
