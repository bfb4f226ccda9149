using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LamassuAwsConnector.Sandbox.Lamassu.Wire;

namespace LamassuAwsConnector.Sandbox.Lamassu.Authorities;

/// <summary>
/// Private keys, named by the SHA-256 of the public key, as Lamassu's KMS names them. A CA looks for its key by the subject key id of its certificate, so
/// one whose certificate has another key id never finds it.
/// </summary>
internal sealed class KeyStore : IDisposable
{
    private readonly ConcurrentDictionary<string, AsymmetricAlgorithm> keys = new(StringComparer.Ordinal);
    private readonly AsymmetricAlgorithm? replayKey;

    public KeyStore(bool withReplayKey) => replayKey = withReplayKey ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;

    public string? ReplayPublicKeyPem => replayKey?.ExportSubjectPublicKeyInfoPem();

    public AsymmetricAlgorithm Create(string type, int bits)
    {
        AsymmetricAlgorithm key = (type, bits) switch
        {
            ("RSA", >= 1024 and <= 8192) => RSA.Create(bits),
            ("ECDSA", 256) => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            ("ECDSA", 384) => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            ("ECDSA", 521) => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            _ => throw new LamassuException("unsupported key type"),
        };
        keys[NameOf(key)] = key;
        return key;
    }

    /// <summary>False when the key is there already.</summary>
    public bool TryImport(AsymmetricAlgorithm key) => keys.TryAdd(NameOf(key), key);

    public bool Knows(string keyId) => keys.ContainsKey(keyId);

    /// <summary>The key of a CA; for a CA that could sign but whose key went away, the replay key if there is one.</summary>
    public AsymmetricAlgorithm Find(X509Certificate2 certificate, string type)
    {
        var keyId = CertificateModel.SubjectKeyIdOf(certificate);
        if (keys.TryGetValue(keyId, out var key))
        {
            return key;
        }

        return replayKey is not null && type != "IMPORTED_WITHOUT_KEY" && keyId == CertificateModel.DigestOf(certificate.PublicKey)
            ? replayKey
            : throw new LamassuException("key not found");
    }

    public static AsymmetricAlgorithm ReadPrivateKey(string text)
    {
        var der = CertificateText.ReadDer(text);
        try
        {
            var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(der, out _);
            return rsa;
        }
        catch (CryptographicException)
        {
            // Not RSA, then; a key that is neither is refused by the next line.
            return ReadEcdsaKey(der);
        }
    }

    public void Dispose()
    {
        replayKey?.Dispose();
        foreach (var key in keys.Values)
        {
            key.Dispose();
        }
    }

    private static ECDsa ReadEcdsaKey(byte[] der)
    {
        try
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(der, out _);
            return key;
        }
        catch (CryptographicException)
        {
            throw new WireException("unsupported key type");
        }
    }

    private static string NameOf(AsymmetricAlgorithm key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
}
