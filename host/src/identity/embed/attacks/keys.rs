//! Keys that are made for these tests alone.

pub(in crate::identity) const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
pub(in crate::identity) const OTHER_SECRET: &[u8] = b"fedcba9876543210fedcba9876543210";

pub(in crate::identity) const EC_PRIVATE: &[u8] = b"-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPfFud4btCzYU9qcr
G1W/9HVpYaLLMrkdbbYnUs5P7+WhRANCAATI6dRTpV4mRpBrJIyQ8BuTHzR5hTUX
5vp0r4N3JJTNb9+y5tWLUb6bNdKcTwFn8DnxiV3nxnRLT4XuzZT/umyF
-----END PRIVATE KEY-----
";
pub(in crate::identity) const EC_PUBLIC: &[u8] = b"-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEyOnUU6VeJkaQaySMkPAbkx80eYU1
F+b6dK+DdySUzW/fsubVi1G+mzXSnE8BZ/A58Yld58Z0S0+F7s2U/7pshQ==
-----END PUBLIC KEY-----
";
pub(in crate::identity) const ED_PRIVATE: &[u8] = b"-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJCDrUdBhxTFg0U46zTtQAw8D9zAygFRoGVkEmb1h54J
-----END PRIVATE KEY-----
";
pub(in crate::identity) const ED_PUBLIC: &[u8] = b"-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEA9xlaS/Vwoc2WfZq00If5MZvzwFJ2sQfsDb402zYUStE=
-----END PUBLIC KEY-----
";
pub(in crate::identity) const RSA_PRIVATE: &[u8] = b"-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDm+T/JdAFUTw8f
AP7JGHjLUgbTSziS0u16+bNk37MC4FWLsCHO1Tq8x5kii4dHt+koFHpo/Hz6/FgA
GEwGJi0JLWGIO+skwClhR7rIOSoE6rFa9uVqJLghZVcoldxBG0goNmbXZkS5wzgX
vO5AVpLBTxDtk+NA5zxkuEpP7qB7eG6ZFhwpy6hvpo3we2cnxvfFTsP5c2LlW8Rv
yl9w7vCADB5wByFI3lbhsO4Oh1U6/OLlJdqny7/x2VX4KFJbd1PnpqrMLJzhF2rw
dnS/6ivI/X0rXyltV+RYv6D6SJAmxWoqeDLNms5sDL8Hh256ql/sJbu8DZnrJJQ3
rqZS/We/AgMBAAECggEAAVo3YZqem32fIkATRV51ZtfW2OvQ67iTN5OPXRSyHn0p
uLbQJ6Do/sC+cB+q2SRzCJptYw+wlh9HmmUCfxC4kiOgcbe8kZaqkqewIUM7t/U9
XjK4TXV6sx098FFHnLoZFFPnVhNdIhC7AKyUcDKmR0XHc2O6nNP/q0Oo3OiKdjFt
v0KkKDy6auGqrVWluW/zL/A936gy3uY+QbJ4mO8f3Ylpa5i/ZCEEv0Dxgmjh5y3F
OshuypU77d4v1n7KoYpRVFXTSbwXikRntc2TOQx2eHpVMzxYtmOwwszk4zjnidH6
zLr22FDwvDQawDShQLiKmHaqAO1VBoSjqRoX9/TdoQKBgQD3QKMWmGPOLL7GI04k
3IwZNQm5KsjX85xOJd15zli2h4XxbCLK+CCaZcUhz3FvTNkHrM4MAlUBfsdXra0L
xahtWUorlq1fjXAWqrFA1GWZRpq8kJGZxAS2/QlAPRgu8/GeZnuyn68XPUB3+Gdh
JGVfcN7tU9gRxLP2RfFVDwNgoQKBgQDvJSy27Zq+y/adR/d6CmH9YntIhnNUT9W5
8Z1aCJFqaBAzmjKET8z8e+RhzOcHqGNact0Bob0KCptw6kotYsSbmTn1pIkzUNNQ
1liy8dRwIg7ow15SrYKZjny4/y1SSxtGan5nHMcMV3ZYyUEuXHhG+lQNkPlif6B4
1hmbyxUMXwKBgQDd6UF20ichsL84jg9gviFvrk6fxmqkh5zN9uYkoLK2gEQTPn6r
tK9uY9DeW5Tv1AUmAk6cMKuiv+qiItqhKjHUksMjBAVvMT5c2a5lBTx6qQfQHeDQ
JUImCkz3Pt4ppgBBrrFuzCsVrH/kLSp74XKqil9Kmmne6LCsZHIJaYQagQKBgCvF
FxEIHgmL1UBmOqJoohS5YK0ehp9I2WpmEZG3/b2G/GglcdeLr44Ksvs/gI2DQWP9
n/u7eZkL5fVdvGPgLvH3socGLWJqCbNC+AsQffxkD2yEzY++WCf4z1Ugx0/HlV9n
AGmo97mHjI6ljzuICy+ag6XUAgEIMPvM2/UKz3hrAoGABFNxy+CUhIwAJzzbq0hP
cKwEwBVdm8ECHk6160/PlhTQmkqzZPymzSX0IO+hnr5Lb+/OAf9/zPpsXgicSA0z
Y5FTS3yqgNIEX1JPXf6eD0PwLCzFTuZLyl5Ngr+5Vs3lHqFh0+49d+0y8SzUgSuq
J+jUCEoM9f9uPgVA6SkQ510=
-----END PRIVATE KEY-----
";
pub(in crate::identity) const RSA_PUBLIC: &[u8] = b"-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA5vk/yXQBVE8PHwD+yRh4
y1IG00s4ktLtevmzZN+zAuBVi7AhztU6vMeZIouHR7fpKBR6aPx8+vxYABhMBiYt
CS1hiDvrJMApYUe6yDkqBOqxWvblaiS4IWVXKJXcQRtIKDZm12ZEucM4F7zuQFaS
wU8Q7ZPjQOc8ZLhKT+6ge3humRYcKcuob6aN8HtnJ8b3xU7D+XNi5VvEb8pfcO7w
gAwecAchSN5W4bDuDodVOvzi5SXap8u/8dlV+ChSW3dT56aqzCyc4Rdq8HZ0v+or
yP19K18pbVfkWL+g+kiQJsVqKngyzZrObAy/B4dueqpf7CW7vA2Z6ySUN66mUv1n
vwIDAQAB
-----END PUBLIC KEY-----
";
/// 1024 bits.
pub(in crate::identity) const WEAK_RSA_PUBLIC: &[u8] = b"-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCaJYrQbAFO5K69+z/YJkUqJiqS
ZSNUsejdTKrwDW8O6n9dQAKmE/nKyCdecxr9rM2aBewv+HsSksOuzopnZu5nuuTw
vAu/EZ7d9yVw2yx7tc6FLQbH3XpKnzbz06M05MXVW6ZW8CBh9KPr8m2Y7Fx8DxlF
e4hzt+gyrKVUXehJjQIDAQAB
-----END PUBLIC KEY-----
";

/// The public keys again, as members of a JWK set.
pub(in crate::identity) const RSA_JWK: &str = r#"{"kty":"RSA","kid":"r1","use":"sig","alg":"RS256","n":"5vk_yXQBVE8PHwD-yRh4y1IG00s4ktLtevmzZN-zAuBVi7AhztU6vMeZIouHR7fpKBR6aPx8-vxYABhMBiYtCS1hiDvrJMApYUe6yDkqBOqxWvblaiS4IWVXKJXcQRtIKDZm12ZEucM4F7zuQFaSwU8Q7ZPjQOc8ZLhKT-6ge3humRYcKcuob6aN8HtnJ8b3xU7D-XNi5VvEb8pfcO7wgAwecAchSN5W4bDuDodVOvzi5SXap8u_8dlV-ChSW3dT56aqzCyc4Rdq8HZ0v-oryP19K18pbVfkWL-g-kiQJsVqKngyzZrObAy_B4dueqpf7CW7vA2Z6ySUN66mUv1nvw","e":"AQAB"}"#;
pub(in crate::identity) const WEAK_RSA_JWK: &str = r#"{"kty":"RSA","kid":"weak","n":"miWK0GwBTuSuvfs_2CZFKiYqkmUjVLHo3Uyq8A1vDup_XUACphP5ysgnXnMa_azNmgXsL_h7EpLDrs6KZ2buZ7rk8LwLvxGe3fclcNsse7XOhS0Gx916Sp8289OjNOTF1VumVvAgYfSj6_JtmOxcfA8ZRXuIc7foMqylVF3oSY0","e":"AQAB"}"#;
pub(in crate::identity) const EC_JWK: &str = r#"{"kty":"EC","crv":"P-256","kid":"e1","x":"yOnUU6VeJkaQaySMkPAbkx80eYU1F-b6dK-DdySUzW8","y":"37Lm1YtRvps10pxPAWfwOfGJXefGdEtPhe7NlP-6bIU"}"#;
pub(in crate::identity) const ED_JWK: &str =
    r#"{"kty":"OKP","crv":"Ed25519","kid":"d1","x":"9xlaS_Vwoc2WfZq00If5MZvzwFJ2sQfsDb402zYUStE"}"#;
