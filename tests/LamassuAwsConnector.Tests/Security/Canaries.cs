using System.Security.Cryptography;
using System.Text;

namespace LamassuAwsConnector.Tests.Security;

/// <summary>
/// Secrets that are planted where real ones would be, each of another text, and looked for in everything that comes out. One that is missed in the
/// planting finds nothing, so each has to be asked for by name and <see cref="AssertNoneIn"/> fails when none was.
/// </summary>
internal sealed class Canaries
{
    private readonly Dictionary<string, string> planted = new(StringComparer.Ordinal);

    /// <summary>The canary of that name, e.g. <c>aws secret key</c>.</summary>
    public string this[string name]
    {
        get
        {
            if (!planted.TryGetValue(name, out var value))
            {
                value = $"Can4ry{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..26]}";
                planted[name] = value;
            }

            return value;
        }
    }

    /// <summary>All of them as one sentence, for answers that repeat what they should not.</summary>
    public string Echo => string.Join(" and ", planted.Values);

    /// <summary>A PEM private key with the canary of that name in its body.</summary>
    public string PrivateKey(string name) => $"-----BEGIN PRIVATE KEY-----\n{this[name]}\n-----END PRIVATE KEY-----\n";

    /// <param name="outputs">What came out, and where.</param>
    public void AssertNoneIn(IEnumerable<(string Where, string Text)> outputs)
    {
        Assert.NotEmpty(planted);
        var forms = planted.SelectMany(canary => Forms(canary.Value).Select(form => (canary.Key, Form: form))).ToList();
        var leaks = outputs
            .SelectMany(output => forms
                .Where(form => output.Text.Contains(form.Form, StringComparison.OrdinalIgnoreCase))
                .Select(form => (form.Key, output.Where, output.Text)))
            .ToList();
        Assert.True(leaks.Count == 0, string.Join('\n', leaks.Take(20).Select(leak => $"'{leak.Key}' leaked to {leak.Where}: {Cut(leak.Text)}")));
    }

    // As it is, and as base64 at each of the three places where it can begin in it, without the ends that depend on what stands beside.
    private static IEnumerable<string> Forms(string value)
    {
        yield return value;
        for (var offset = 0; offset < 3; offset++)
        {
            var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(' ', offset) + value));
            yield return encoded[4..^8];
        }
    }

    private static string Cut(string text) => text.Length > 600 ? text[..600] + "…" : text;
}
