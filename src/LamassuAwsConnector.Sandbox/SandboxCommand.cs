using LamassuAwsConnector.Sandbox.Fleet;
using LamassuAwsConnector.Sandbox.Replay;
using LamassuAwsConnector.Sandbox.Story;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LamassuAwsConnector.Sandbox;

/// <summary>What the command line asks for: a story, a fleet, a replay, or the stand-ins alone.</summary>
internal sealed class SandboxCommand(IAnsiConsole console) : AsyncCommand<SandboxSettings>
{
    private const int Failed = 1;

    public override async Task<int> ExecuteAsync(CommandContext context, SandboxSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            return await (settings switch
            {
                { StandInsOnly: true } => RunStandInsAsync(settings, cancellationToken),
                { Events: { } folder } => ReplayAsync(folder, settings, cancellationToken),
                _ => PlayAsync(settings, cancellationToken),
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return settings.Once ? Failed : 0;
        }
        catch (Exception exception) when (exception is RecordingException or BrokerException)
        {
            console.MarkupLineInterpolated($"[red]{exception.Message}[/]");
            return Failed;
        }
        catch (IOException exception) when (exception.Message.Contains("address already in use", StringComparison.OrdinalIgnoreCase))
        {
            console.MarkupLineInterpolated(
                $"[red]{exception.Message}[/] Choose another one with --port, --aws-port, --ca-port, --device-manager-port, --dms-manager-port, --issuer-port, or use --free-ports.");
            return Failed;
        }
    }

    private async Task<int> PlayAsync(SandboxSettings settings, CancellationToken cancellationToken)
    {
        await using var broker = await BrokerAsync(settings, StandInSettingsOf(settings).ConnectorId, cancellationToken);
        await using var stage = await Stage.StartAsync(
            StandInSettingsOf(settings), Port(settings, settings.Port), ConnectorExtras(settings), cancellationToken, broker: broker);
        await stage.StandIns.AwsControl.ApplyAsync(settings, cancellationToken);
        Introduce(stage.StandIns, stage.Connector.Url);
        var connectorId = StandInSettingsOf(settings).ConnectorId;
        var isRight = settings.Devices is { } devices
            ? await new FleetRun(stage, connectorId, devices, console).PlayAsync(cancellationToken)
            : await PlayStoryAsync(stage, connectorId, cancellationToken);
        if (!settings.Once)
        {
            StayUp.Explain(console, stage, connectorId);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return isRight ? 0 : Failed;
    }

    private async Task<int> ReplayAsync(string folder, SandboxSettings settings, CancellationToken cancellationToken)
    {
        var recording = MessageReader.Read(folder);
        var defaults = new StandInSettings();
        var identity = IdentityReader.Read(
            recording,
            new PartialIdentity(settings.ConnectorId, settings.Account, settings.Region),
            new ConnectorIdentity(defaults.ConnectorId, defaults.Account, defaults.Region));
        console.MarkupLineInterpolated($"Replaying {recording.Parts.Sum(part => part.Messages.Count)} messages for connector {identity.ConnectorId}, account {identity.Account}, region {identity.Region}");
        var standIns = StandInSettingsOf(settings) with
        {
            ConnectorId = identity.ConnectorId,
            Account = identity.Account,
            Region = identity.Region,
            SignsForRecordedCAs = true,
        };
        var port = Port(settings, settings.Port);
        var clock = new MessageClock();
        await using var broker = await BrokerAsync(settings, identity.ConnectorId, cancellationToken);
        await using var stage = await Stage.StartAsync(standIns, port, ConnectorExtras(settings), cancellationToken, timeProvider: clock, broker: broker);
        var isRight = await new ReplayRun(recording, identity, settings, clock, console).PlayAsync(stage, port, ConnectorExtras(settings), cancellationToken);
        if (!settings.Once)
        {
            StayUp.Explain(console, stage, identity.ConnectorId);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return isRight ? 0 : Failed;
    }

    private async Task<bool> PlayStoryAsync(Stage stage, string connectorId, CancellationToken cancellationToken)
    {
        using var story = new StoryRun(stage, connectorId, console);
        return await story.PlayAsync(cancellationToken);
    }

    private async Task<int> RunStandInsAsync(SandboxSettings settings, CancellationToken cancellationToken)
    {
        await using var broker = settings.Amqp is { } url ? await Broker.ConnectAsync(new Uri(url), cancellationToken) : null;
        await using var standIns = await StandIns.StartAsync(
            StandInSettingsOf(settings),
            (body, routingKey, headers, cancellation) => broker?.PublishAsync(body, routingKey, headers, cancellation) ?? Task.CompletedTask,
            TimeProvider.System,
            cancellationToken);
        await standIns.AwsControl.ApplyAsync(settings, cancellationToken);
        Introduce(standIns, connector: null);
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }

    private static async Task<Broker?> BrokerAsync(SandboxSettings settings, string connectorId, CancellationToken cancellationToken)
    {
        if (settings.Amqp is not { } url)
        {
            return null;
        }

        var broker = await Broker.ConnectAsync(new Uri(url), cancellationToken);
        try
        {
            await broker.ClaimAsync(connectorId, cancellationToken);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    private void Introduce(StandIns standIns, Uri? connector)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("what", "where");
        if (connector is not null)
        {
            table.AddRow("connector, Swagger UI", $"{connector}swagger");
        }

        table.AddRow("AWS (IoT, IoT data, STS)", $"{Reached(standIns.Aws.Url)}  account {standIns.Settings.Account}, e.g. region {standIns.Settings.Region}");
        table.AddRow("AWS credentials", string.Join(", ", standIns.Credentials.Select(pair => $"{pair.Key}:{pair.Value}")));
        table.AddRow("AWS control", $"{Reached(standIns.Aws.Url)}_control/calls");
        table.AddRow("Lamassu CA", $"{Reached(standIns.Lamassu.CAUrl)}v1/cas");
        table.AddRow("Lamassu Device Manager", $"{Reached(standIns.Lamassu.DeviceManagerUrl)}v1/devices");
        table.AddRow("Lamassu DMS Manager", $"{Reached(standIns.Lamassu.DmsManagerUrl)}v1/dms");
        table.AddRow("Token issuer", $"{standIns.Issuer.IssuerName}/.well-known/openid-configuration");
        console.Write(table);

        if (standIns.Settings.PublicHost is { } host)
        {
            console.MarkupLineInterpolated($"The stand-ins listen on [bold]every address[/] of this machine, as {host}: whoever reaches it can use them, tokens included.");
        }

        // Not by the console, which would break the line.
        console.MarkupLine("A token for the connector, for curl and for Authorize in Swagger UI (12 h):");
        console.Profile.Out.Writer.WriteLine($"TOKEN={standIns.OperatorToken()}");

        Uri Reached(Uri url) => standIns.Settings.PublicHost is { } name ? new UriBuilder(url) { Host = name }.Uri : url;
    }

    internal static StandInSettings StandInSettingsOf(SandboxSettings settings)
    {
        var defaults = new StandInSettings();
        return new StandInSettings
        {
            ConnectorId = settings.ConnectorId ?? defaults.ConnectorId,
            PublicHost = settings.PublicHost,
            Account = settings.Account ?? defaults.Account,
            Region = settings.Region ?? defaults.Region,
            Credentials = settings.Credentials.Select(text => text.Split(':')).ToDictionary(pair => pair[0], pair => pair[1]),
            AwsPort = Port(settings, settings.AwsPort),
            CAPort = Port(settings, settings.CAPort),
            DeviceManagerPort = Port(settings, settings.DeviceManagerPort),
            DmsManagerPort = Port(settings, settings.DmsManagerPort),
            IssuerPort = Port(settings, settings.IssuerPort),
        };
    }

    private static int Port(SandboxSettings settings, int port) => settings.FreePorts ? 0 : port;

    private static Dictionary<string, string?> ConnectorExtras(SandboxSettings settings) => new()
    {
        ["logs:level"] = settings.LogLevel,
        ["logs:format"] = "text",
        ["aws_config:limit_calls"] = settings.Limits == "none" && settings.OperationLimits.Length == 0 ? "false" : "true",
    };
}
