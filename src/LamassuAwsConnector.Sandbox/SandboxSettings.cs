using System.ComponentModel;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LamassuAwsConnector.Sandbox;

/// <summary>The command line.</summary>
internal sealed class SandboxSettings : CommandSettings
{
    [CommandOption("--once")]
    [Description("Play, check the end state, and exit: 0 only if it is the expected one")]
    public bool Once { get; init; }

    [CommandOption("--events <FOLDER>")]
    [Description("Instead of the story, replay recorded messages: folders with events.jsonl, or CloudEvent files with a manifest.json")]
    public string? Events { get; init; }

    [CommandOption("--changes-first")]
    [Description("With --events: apply all changes to Lamassu before the first message is delivered, as after an outage of the connector")]
    public bool ChangesFirst { get; init; }

    [CommandOption("--devices <NUMBER>")]
    [Description("Instead of the story, enrol a fleet of so many devices, with a summary")]
    public int? Devices { get; init; }

    [CommandOption("--stand-ins-only")]
    [Description("Start the stand-ins for AWS and Lamassu alone, for any other client")]
    public bool StandInsOnly { get; init; }

    [CommandOption("--port <PORT>")]
    [Description("The connector's port; 0 is any free one")]
    [DefaultValue(8085)]
    public int Port { get; init; }

    [CommandOption("--aws-port <PORT>")]
    [Description("The AWS stand-in's port (all services)")]
    [DefaultValue(4566)]
    public int AwsPort { get; init; }

    [CommandOption("--ca-port <PORT>")]
    [Description("The port of Lamassu's CA")]
    [DefaultValue(18085)]
    public int CAPort { get; init; }

    [CommandOption("--device-manager-port <PORT>")]
    [Description("The port of Lamassu's Device Manager")]
    [DefaultValue(18086)]
    public int DeviceManagerPort { get; init; }

    [CommandOption("--dms-manager-port <PORT>")]
    [Description("The port of Lamassu's DMS Manager")]
    [DefaultValue(18087)]
    public int DmsManagerPort { get; init; }

    [CommandOption("--issuer-port <PORT>")]
    [Description("The port of the issuer of tokens for the connector")]
    [DefaultValue(18088)]
    public int IssuerPort { get; init; }

    [CommandOption("--free-ports")]
    [Description("Any free port for everything")]
    public bool FreePorts { get; init; }

    [CommandOption("--connector-id <ID>")]
    [Description("The connector's id; with --events the one in the messages, else aws-iot-prod")]
    public string? ConnectorId { get; init; }

    [CommandOption("--account <ACCOUNT>")]
    [Description("The AWS account; with --events the one in the messages, else 123456789012")]
    public string? Account { get; init; }

    [CommandOption("--region <REGION>")]
    [Description("The AWS region; with --events the one in the messages, else eu-west-1")]
    public string? Region { get; init; }

    [CommandOption("--credentials <ID:SECRET>")]
    [Description("Credentials that the AWS stand-in takes, beside AKIAFAKE000000000000:fakesecret and testing:testing; repeatable")]
    public string[] Credentials { get; init; } = [];

    [CommandOption("--latency <MILLISECONDS>")]
    [Description("How long the AWS stand-in takes for each call")]
    public int Latency { get; init; }

    [CommandOption("--limits <PRESET>")]
    [Description("Calls per second that the AWS stand-in takes: aws (AWS's defaults) or none")]
    [DefaultValue("none")]
    public string Limits { get; init; } = "none";

    [CommandOption("--burst <BURST>")]
    [Description("With --limits: a burst of one second's worth (second) or of one call (token)")]
    [DefaultValue("second")]
    public string Burst { get; init; } = "second";

    [CommandOption("--limit <OPERATION=N>")]
    [Description("Calls per second for one operation, e.g. RegisterThing=10; repeatable")]
    public string[] OperationLimits { get; init; } = [];

    [CommandOption("--fail <OPERATION:N:ERROR>")]
    [Description("Fail the next N calls of an operation (* is any), e.g. RegisterThing:2:InternalFailureException; repeatable")]
    public string[] Failures { get; init; } = [];

    [CommandOption("--drop <OPERATION:N>")]
    [Description("Close the connection instead of answering the next N calls of an operation; repeatable")]
    public string[] Drops { get; init; } = [];

    [CommandOption("--amqp <URL>")]
    [Description("Instead of the bus in memory, a RabbitMQ that runs already and that no Lamassu uses, e.g. amqp://guest:guest@localhost:5672")]
    public string? Amqp { get; init; }

    [CommandOption("--public-host <NAME>")]
    [Description("With --stand-ins-only: listen on every address of the machine, not on loopback alone, for others that know it by this name, e.g. in containers")]
    public string? PublicHost { get; init; }

    [CommandOption("--log-level <LEVEL>")]
    [Description("The connector's own log beside the story: trace, debug, info, warning, error or none")]
    [DefaultValue("none")]
    public string LogLevel { get; init; } = "none";

    public override ValidationResult Validate()
    {
        var wrong = new List<string>();
        if (Events is not null && !Directory.Exists(Events))
        {
            wrong.Add($"--events: there is no folder '{Events}'");
        }

        if (new[] { Events is not null, Devices is not null, StandInsOnly }.Count(chosen => chosen) > 1)
        {
            wrong.Add("--events, --devices and --stand-ins-only exclude each other");
        }

        if (Devices is < 1 or > 100_000)
        {
            wrong.Add("--devices: from 1 to 100000");
        }

        if (Once && StandInsOnly)
        {
            wrong.Add("--once: there is nothing to play with --stand-ins-only");
        }

        if (Amqp is not null && !(Uri.TryCreate(Amqp, UriKind.Absolute, out var broker) && broker.Scheme is "amqp" or "amqps"))
        {
            wrong.Add("--amqp: a URL such as amqp://guest:guest@localhost:5672");
        }

        if (PublicHost is not null && Uri.CheckHostName(PublicHost) == UriHostNameType.Unknown)
        {
            wrong.Add("--public-host: the name of a host, or an address");
        }

        if (PublicHost is not null && !StandInsOnly)
        {
            wrong.Add("--public-host: with --stand-ins-only; what is played here stays on loopback");
        }

        wrong.AddRange(Credentials.Where(text => text.Split(':').Length != 2).Select(text => $"--credentials {text}: ID:SECRET"));
        wrong.AddRange(OperationLimits.Where(text => !IsOperationLimit(text)).Select(text => $"--limit {text}: OPERATION=N, N above 0"));
        wrong.AddRange(Failures.Where(text => !IsCounted(text, 3)).Select(text => $"--fail {text}: OPERATION:N:ERROR, N above 0"));
        wrong.AddRange(Drops.Where(text => !IsCounted(text, 2)).Select(text => $"--drop {text}: OPERATION:N, N above 0"));
        return wrong.Count == 0 ? ValidationResult.Success() : ValidationResult.Error(string.Join("; ", wrong));
    }

    private static bool IsOperationLimit(string text) => text.Split('=') is [{ Length: > 0 }, var number] && int.TryParse(number, out var limit) && limit > 0;

    private static bool IsCounted(string text, int parts) => text.Split(':') is { } split && split.Length == parts && int.TryParse(split[1], out var count) && count > 0;
}
