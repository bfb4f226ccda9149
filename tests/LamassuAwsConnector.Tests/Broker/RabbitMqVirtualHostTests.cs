using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Core;
using LamassuAwsConnector.Tests.Consumers;
using LamassuAwsConnector.Tests.Infrastructure;
using LamassuAwsConnector.Tests.Security;
using RabbitMQ.Client;
using static LamassuAwsConnector.Tests.Broker.BrokerStage;
using static LamassuAwsConnector.Tests.Infrastructure.Patience;

namespace LamassuAwsConnector.Tests.Broker;

/// <summary>A virtual host of its own, and a user who may do there what docs/bus.md asks for and nothing else.</summary>
[Collection(Collection)]
public sealed partial class RabbitMqVirtualHostTests(RabbitMqNode node)
{
    private const string Password = "p@ss/w%rd";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plant/one")]
    [InlineData("/plant")]
    public async Task Events_retries_and_dead_letters_stay_in_the_virtual_host_and_need_no_right_but_the_documented_ones(string virtualHost)
    {
        var factory = await node.ConnectionAsync(Cancellation);
        var user = $"user of {virtualHost}";
        await node.AddVirtualHostAsync(virtualHost, user, Password, DocumentedRights(), Cancellation);
        (factory.VirtualHost, factory.UserName, factory.Password) = (virtualHost, user, Password);
        (string Key, string? Value)[] configuration =
        [
            .. BrokerStage.Configuration(node.Port),
            ("subscriber_event_bus:virtual_host", virtualHost),
            ("subscriber_event_bus:basic_auth:enabled", "true"),
            ("subscriber_event_bus:basic_auth:username", user),
            ("subscriber_event_bus:basic_auth:password", Password),
            ("event_retries:attempts", "1"),
        ];
        var (watch, tries) = (new HandlerWatch(), 0);
        watch.Replace("ca.create", _ => Interlocked.Increment(ref tries) == 1
            ? throw new ConnectorException(FailureKind.Throttled, "some_code", FailureSource.Aws, "Too many calls.")
            : Task.FromResult(EventOutcome.Handled));
        await using var stage = await TestStage.StartAsync(Door.Http, watch.AddTo, configuration);
        await UntilAsync(async () => await IsReadyAsync(stage));
        await using var connection = await factory.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);

        await channel.BasicPublishAsync(Events, "ca.create", mandatory: true, EventOf("ca.create", "ca/1", new JsonObject { ["id"] = "ca-1" }), Cancellation);
        await UntilAsync(() => tries == 2);
        await channel.BasicPublishAsync(Events, "ca.create", mandatory: true, "{not json"u8.ToArray(), Cancellation);
        await UntilAsync(async () => await channel.MessageCountAsync(DeadLetterQueue, Cancellation) == 1);

        using var replayed = await stage.PostAsync("/v1/dead-letters/replay", new JsonObject { ["all"] = true });
        Assert.Equal(HttpStatusCode.OK, replayed.StatusCode);
        await UntilAsync(async () => (await stage.Connector.GetFromJsonAsync<JsonObject>("/v1/dead-letters", Cancellation))!["list"]!.AsArray() is [{ } letter]
            && letter["replays"]!.GetValue<int>() == 1);
    }

    [Fact]
    public async Task With_a_wrong_password_the_connector_does_not_become_ready()
    {
        await node.ConnectionAsync(Cancellation);
        using var log = new LogLines();
        await using var stage = await TestStage.StartAsync(
            Door.Http,
            log.Capture,
            [
                .. BrokerStage.Configuration(node.Port),
                .. LogLines.Settings,
                ("subscriber_event_bus:basic_auth:enabled", "true"),
                ("subscriber_event_bus:basic_auth:username", "guest"),
                ("subscriber_event_bus:basic_auth:password", Password),
            ]);

        Assert.Contains(log.All, line => line.Contains("The broker can't be used yet", StringComparison.Ordinal));
        Assert.False(await IsReadyAsync(stage));
        Assert.DoesNotContain(log.All, line => line.Contains(Password, StringComparison.Ordinal));
    }

    private static async Task<bool> IsReadyAsync(TestStage stage)
    {
        using var response = await stage.Connector.GetAsync("/health/ready", Cancellation);
        return response.StatusCode == HttpStatusCode.OK;
    }

    private static (string Configure, string Write, string Read) DocumentedRights()
    {
        var rights = Rights().Matches(File.ReadAllText(Path.Combine(TestFolders.Repository, "docs", "bus.md")));
        Assert.Equal(3, rights.Count);
        return (rights[0].Groups["right"].Value, rights[1].Groups["right"].Value, rights[2].Groups["right"].Value);
    }

    [GeneratedRegex(@"`(?<right>\^[^`\s]+\$)`")]
    private static partial Regex Rights();
}
