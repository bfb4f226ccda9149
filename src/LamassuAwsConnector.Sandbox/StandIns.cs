using System.Net;
using Amazon.IoT;
using Amazon.Runtime;
using LamassuAwsConnector.Sandbox.Aws;
using LamassuAwsConnector.Sandbox.Lamassu;

namespace LamassuAwsConnector.Sandbox;

/// <summary>What the stand-ins are, and where the connector finds them.</summary>
internal sealed record StandInSettings
{
    public const string AccessKeyId = "testing";

    public string ConnectorId { get; init; } = "aws-iot-prod";

    /// <summary>The name by which others reach this machine; the stand-ins then listen on all its addresses. Null: on loopback alone.</summary>
    public string? PublicHost { get; init; }

    public string Account { get; init; } = "123456789012";

    public string Region { get; init; } = "eu-west-1";

    public IReadOnlyDictionary<string, string> Credentials { get; init; } = new Dictionary<string, string>();

    /// <summary>0 is any free port.</summary>
    public int AwsPort { get; init; }

    public int CAPort { get; init; }

    public int DeviceManagerPort { get; init; }

    public int DmsManagerPort { get; init; }

    public int IssuerPort { get; init; }

    /// <summary>The key that the token issuer signs with; null: a new one.</summary>
    public string? IssuerKeyPem { get; init; }

    /// <summary>CAs whose key nobody has are signed for with one key, which the AWS stand-in is told.</summary>
    public bool SignsForRecordedCAs { get; init; }

    public bool PublishesEvents { get; init; } = true;

    /// <summary>Looks at AWS after each of its operations.</summary>
    public Action<RegionState>? AfterAwsOperation { get; init; }
}

/// <summary>AWS IoT Core and Lamassu without an account, with an issuer of tokens for those who call the connector.</summary>
internal sealed class StandIns : IAsyncDisposable
{
    // The connector's default; the issuer's tokens name it in realm_access.roles, as Keycloak's do.
    private const string OperatorRole = "pki-admin";

    // Long enough for a day of trying out.
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(12);

    private StandIns(
        StandInSettings settings, IReadOnlyDictionary<string, string> credentials, AwsStandIn aws, LamassuStandIn lamassu, TokenIssuer issuer)
    {
        Settings = settings;
        Issuer = issuer;
        Credentials = credentials;
        Aws = aws;
        Lamassu = lamassu;
        AwsControl = new AwsControl(aws.Url);
        IoT = new AmazonIoTClient(
            new BasicAWSCredentials(StandInSettings.AccessKeyId, StandInSettings.AccessKeyId),
            new AmazonIoTConfig { ServiceURL = aws.Url.ToString(), AuthenticationRegion = settings.Region });
    }

    public StandInSettings Settings { get; }

    /// <summary>Access key ids and their secrets that the AWS stand-in takes.</summary>
    public IReadOnlyDictionary<string, string> Credentials { get; }

    public AwsStandIn Aws { get; }

    public AwsControl AwsControl { get; }

    public LamassuStandIn Lamassu { get; }

    public TokenIssuer Issuer { get; }

    /// <summary>AWS's own API, for a look at what the connector did.</summary>
    public IAmazonIoT IoT { get; }

    /// <param name="timeProvider">Lamassu's time: what it issues is valid from then on.</param>
    public static async Task<StandIns> StartAsync(StandInSettings settings, PublishEvent publish, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var credentials = new Dictionary<string, string>(new AwsStandInOptions().Credentials);
        foreach (var (id, secret) in settings.Credentials)
        {
            credentials[id] = secret;
        }

        var address = settings.PublicHost is null ? IPAddress.Loopback : IPAddress.Any;
        var started = new Stack<IAsyncDisposable>();
        try
        {
            var aws = await AwsStandIn.StartAsync(
                new AwsStandInOptions
                {
                    Address = address,
                    Port = settings.AwsPort,
                    Account = settings.Account,
                    Credentials = credentials,
                    AfterOperation = settings.AfterAwsOperation,
                },
                TimeProvider.System,
                cancellationToken);
            started.Push(aws);
            var lamassu = await LamassuStandIn.StartAsync(
                new LamassuStandInOptions
                {
                    Address = address,
                    CAPort = settings.CAPort,
                    DeviceManagerPort = settings.DeviceManagerPort,
                    DmsManagerPort = settings.DmsManagerPort,
                    PublishesEvents = settings.PublishesEvents,
                    ReplayKey = settings.SignsForRecordedCAs,
                },
                publish,
                timeProvider,
                cancellationToken);
            started.Push(lamassu);

            // Tokens are for the connector, whose time is the real one, also in a replay.
            var issuer = await TokenIssuer.StartAsync(
                settings.IssuerPort, TimeProvider.System, settings.IssuerKeyPem, cancellationToken, settings.PublicHost);
            return new StandIns(settings, credentials, aws, lamassu, issuer);
        }
        catch
        {
            foreach (var standIn in started)
            {
                await standIn.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>A token of somebody who may do everything at the connector.</summary>
    public string OperatorToken() => Issuer.IssueToken("operator", [OperatorRole], TokenLifetime);

    /// <summary>The connector's configuration against these stand-ins, as the YAML file would have it.</summary>
    public Dictionary<string, string?> ConnectorConfiguration() => new()
    {
        ["connector_id"] = Settings.ConnectorId,
        ["aws_config:auth_method"] = "static",
        ["aws_config:region"] = Settings.Region,
        ["aws_config:access_key_id"] = StandInSettings.AccessKeyId,
        ["aws_config:secret_access_key"] = StandInSettings.AccessKeyId,
        ["aws_config:endpoint_url"] = Aws.Url.ToString(),

        // The stand-in has no quotas unless it is told some.
        ["aws_config:limit_calls"] = "false",
        ["ca_client:base_url"] = Lamassu.CAUrl.ToString(),
        ["device_manager_client:base_url"] = Lamassu.DeviceManagerUrl.ToString(),
        ["dms_manager_client:base_url"] = Lamassu.DmsManagerUrl.ToString(),
        ["subscriber_event_bus:provider"] = "memory",
        ["auth:mode"] = "jwt",
        ["auth:authority"] = Issuer.Authority.ToString(),
        ["metrics:open"] = "true",
    };

    public async ValueTask DisposeAsync()
    {
        IoT.Dispose();
        AwsControl.Dispose();
        await Issuer.DisposeAsync();
        await Lamassu.DisposeAsync();
        await Aws.DisposeAsync();
    }
}
