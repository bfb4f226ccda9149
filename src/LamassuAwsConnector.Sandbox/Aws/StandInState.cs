using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>The regions, and what the control API says about the world around the account.</summary>
internal sealed class StandInState(string account)
{
    private readonly ConcurrentDictionary<string, RegionState> regions = new(StringComparer.Ordinal);

    // Boxed, so that it is read and written at once.
    private volatile object? clock;

    public string Account => account;

    /// <summary>When validity of certificates is judged; null: now.</summary>
    public DateTimeOffset? Clock
    {
        get => (DateTimeOffset?)clock;
        set => clock = value;
    }

    /// <summary>
    /// Public keys (SubjectPublicKeyInfo) against which the verification certificates of a CA are checked in place of the CA's own, by CA
    /// certificate id.
    /// </summary>
    public ConcurrentDictionary<string, byte[]> VerificationKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>CA certificate ids for which another account is primary.</summary>
    public ConcurrentDictionary<string, bool> CAsOfOtherAccounts { get; } = new(StringComparer.Ordinal);

    /// <summary>Temporary credentials, which outlive a reset: clients still hold them.</summary>
    public Sessions Sessions { get; } = new();

    public IEnumerable<RegionState> Regions => regions.Values.OrderBy(state => state.Region, StringComparer.Ordinal);

    public RegionState Region(string name) => regions.GetOrAdd(name, region => new RegionState(account, region));

    public RegionState? KnownRegion(string name) => regions.GetValueOrDefault(name);

    public void Reset()
    {
        regions.Clear();
        VerificationKeys.Clear();
        CAsOfOtherAccounts.Clear();
        Clock = null;
        Sessions.Lifetime = null;
    }

    /// <summary>The same for an account and region for ever, 64 hex digits.</summary>
    public static string RegistrationCode(RegionState state) => Digest($"registration code {state.Account} {state.Region}");

    /// <summary>The account's part of its endpoints' host names in a region.</summary>
    public static string EndpointId(RegionState state) => "a" + Digest($"endpoint {state.Account} {state.Region}")[..13];

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
