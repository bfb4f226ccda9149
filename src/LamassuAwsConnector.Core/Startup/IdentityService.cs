using System.Text.RegularExpressions;
using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.CertificateAuthorities;
using LamassuAwsConnector.Core.Lamassu;
using LamassuAwsConnector.Core.Lamassu.Models;
using LamassuAwsConnector.Core.Metadata;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core.Startup;

/// <summary>
/// Whether the AWS account and region are those that the connector id names and that earlier runs noted on their CAs. Credentials of another account would
/// otherwise register a whole fleet there, and overwrite the notes of the first one.
/// </summary>
public sealed partial class IdentityService
{
    // Enough to recognise the account by; a fleet has hundreds of CAs.
    private const int MaxNamedCAs = 3;

    private readonly LamassuClient lamassu;
    private readonly MetadataDialects dialects;
    private readonly AwsAccount account;
    private readonly IIoTCore iot;
    private readonly string connectorId;
    private readonly string region;

    internal IdentityService(
        LamassuClient lamassu,
        MetadataDialects dialects,
        AwsAccount account,
        IIoTCore iot,
        IOptions<ConnectorOptions> connector,
        IOptions<AwsOptions> aws)
    {
        this.lamassu = lamassu;
        this.dialects = dialects;
        this.account = account;
        this.iot = iot;
        connectorId = connector.Value.ConnectorId;
        region = aws.Value.Region;
    }

    /// <summary>The account's MQTT endpoint. AWS is asked once.</summary>
    public Task<string> DescribeEndpointAsync(CancellationToken cancellationToken) => iot.DescribeEndpointAsync(cancellationToken);

    /// <summary>Reads all CAs of Lamassu: for the start alone.</summary>
    /// <exception cref="ConnectorException">AWS or Lamassu is away, or AWS refuses the credentials.</exception>
    public async Task<IdentityOutcome> CompareAsync(CancellationToken cancellationToken)
    {
        var present = new Place((await account.GetAsync(cancellationToken)).Account, region);
        var differences = DifferencesOfId(present);
        try
        {
            differences.AddRange(await DifferencesOfNotesAsync(present, cancellationToken));
        }
        catch (ConnectorException failure) when (differences.Count == 0 && failure.Kind is not (FailureKind.Unavailable or FailureKind.Throttled))
        {
            return new IdentityOutcome.NotesUnread(present.Account, present.Region, failure);
        }
        catch (ConnectorException) when (differences.Count > 0)
        {
            // The id alone is reason enough.
        }

        return differences.Count == 0
            ? new IdentityOutcome.Matches(present.Account, present.Region)
            : new IdentityOutcome.Differs(present.Account, present.Region, differences);
    }

    private List<string> DifferencesOfId(Place present)
    {
        // aws.<account> or aws.<account>.<region>, the dashboard's convention; any other id names no account.
        var named = NamesAccount().Match(connectorId);
        var differences = new List<string>();
        if (named.Success && named.Groups["account"].Value != present.Account)
        {
            differences.Add($"connector_id is {connectorId}, which names account {named.Groups["account"].Value}, and the AWS credentials belong to account {present.Account}.");
        }

        if (named.Success && named.Groups["region"] is { Success: true } other && other.Value != present.Region)
        {
            differences.Add($"connector_id is {connectorId}, which names region {other.Value}, and aws_config.region is {present.Region}.");
        }

        return differences;
    }

    private async Task<IEnumerable<string>> DifferencesOfNotesAsync(Place present, CancellationToken cancellationToken)
    {
        var elsewhere = new Dictionary<Place, List<string>>();
        await foreach (var ca in lamassu.ListCAsAsync(cancellationToken))
        {
            if (NotedPlace(ca, present) is { } noted && noted != present)
            {
                elsewhere.TryAdd(noted, []);
                elsewhere[noted].Add(ca.Id);
            }
        }

        return elsewhere.OrderBy(place => place.Key.ToString(), StringComparer.Ordinal).Select(place =>
            $"{Named(place.Value)} registered in account {place.Key.Account}, region {place.Key.Region}, says the metadata under {connectorId}, "
            + $"and the connector now works in account {present.Account}, region {present.Region}.");
    }

    // A note that lacks one of the two tells nothing against the present one.
    private Place? NotedPlace(CACertificate ca, Place present)
    {
        var note = dialects.FindReadable(ca.Metadata);
        return CARegistrationNotes.IsRegistered(note)
            ? new Place(note!.Value.Text("account") ?? present.Account, note.Value.Text("region") ?? present.Region)
            : null;
    }

    private static string Named(List<string> cas)
    {
        var names = string.Join(", ", cas.Take(MaxNamedCAs));
        var more = cas.Count > MaxNamedCAs ? $" and {cas.Count - MaxNamedCAs} more" : "";
        return cas.Count == 1 ? $"CA {names} is" : $"CAs {names}{more} are";
    }

    [GeneratedRegex(@"^aws\.(?<account>[0-9]{12})(\.(?<region>[a-z]{2,}(-[a-z]+)+-[0-9]+))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex NamesAccount();

    private sealed record Place(string Account, string Region);
}
