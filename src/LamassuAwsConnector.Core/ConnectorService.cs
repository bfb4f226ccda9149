using LamassuAwsConnector.Core.Aws;
using LamassuAwsConnector.Core.Metadata;
using LamassuAwsConnector.Core.Telemetry;
using Microsoft.Extensions.Options;

namespace LamassuAwsConnector.Core;

/// <summary>This connector and the AWS account and region that it serves.</summary>
/// <param name="Account">Twelve digits; null while AWS does not say it.</param>
/// <param name="IoTCoreMqttEndpoint">A host name without scheme; null while AWS does not say it.</param>
/// <param name="Dialect">Of notes on objects that carry none yet.</param>
/// <param name="Findings">Why something is null.</param>
public sealed record ConnectorDescription(
    string Id, string? Account, string Region, string? IoTCoreMqttEndpoint, MetadataDialect Dialect, IReadOnlyList<Finding> Findings);

/// <summary>Says who the connector is.</summary>
public sealed class ConnectorService
{
    private readonly AwsAccount account;
    private readonly IIoTCore iot;
    private readonly MetadataDialects dialects;
    private readonly IOptions<ConnectorOptions> options;
    private readonly IOptions<AwsOptions> aws;
    private readonly TimeSpan timeout;
    private readonly TimeProvider timeProvider;

    internal ConnectorService(
        AwsAccount account,
        IIoTCore iot,
        MetadataDialects dialects,
        IOptions<ConnectorOptions> options,
        IOptions<AwsOptions> aws,
        IOptions<HealthOptions> health,
        TimeProvider timeProvider)
    {
        this.account = account;
        this.iot = iot;
        this.dialects = dialects;
        this.options = options;
        this.aws = aws;
        timeout = health.Value.Timeout;
        this.timeProvider = timeProvider;
    }

    /// <summary>Never fails because of AWS: what AWS does not say in time is null, and a finding tells why. Account and endpoint are asked for once.</summary>
    public async Task<ConnectorDescription> DescribeAsync(CancellationToken cancellationToken)
    {
        var accountId = AskAsync("account_unknown", "account", async limit => (await account.GetAsync(limit)).Account, cancellationToken);
        var endpoint = AskAsync("endpoint_unknown", "MQTT endpoint", iot.DescribeEndpointAsync, cancellationToken);
        var (accountText, accountFinding) = await accountId;
        var (endpointText, endpointFinding) = await endpoint;
        return new ConnectorDescription(
            options.Value.ConnectorId,
            accountText,
            aws.Value.Region,
            endpointText,
            dialects.Default,
            [.. new[] { accountFinding, endpointFinding }.OfType<Finding>()]);
    }

    private async Task<(string? Value, Finding? Finding)> AskAsync(
        string code, string subject, Func<CancellationToken, Task<string>> ask, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return (await ask(either.Token), null);
        }
        catch (ConnectorException failure)
        {
            return (null, Unknown(failure.Message));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, Unknown($"AWS did not answer within {timeout.TotalSeconds:0.#} s."));
        }

        Finding Unknown(string reason) => new(
            code,
            $"The {subject} is not known yet: {reason}",
            "Check that AWS can be reached, and the credentials and endpoint in aws_config; GET /health/ready says how it is.");
    }
}
