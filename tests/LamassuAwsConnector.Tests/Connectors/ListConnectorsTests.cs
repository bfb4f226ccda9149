using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Lamassu;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Connectors;

/// <summary>What the connector says of itself.</summary>
public sealed class ListConnectorsTests
{
    private const string Nowhere = "http://127.0.0.1:9";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("auto", "documented")]
    [InlineData("lamassu3", "lamassu3")]
    public async Task The_list_has_this_connector_with_its_account_region_endpoint_and_dialect(string configured, string dialect)
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("metadata_dialect", configured));

        var list = (await stage.Connector.GetFromJsonAsync<JsonObject>("/v1/connectors", Cancellation))!;

        Assert.Equal(["next", "list"], list.Select(member => member.Key));
        Assert.Null(list["next"]);
        var connector = Assert.Single(list["list"]!.AsArray())!;
        Assert.Equal(["id", "account", "region", "endpoint", "dialect", "state", "findings"], connector.AsObject().Select(member => member.Key));
        Assert.Equal(
            (TestStage.ConnectorId, TestStage.Account, TestStage.Region, dialect, "running"),
            (Text(connector, "id"), Text(connector, "account"), Text(connector, "region"), Text(connector, "dialect"), Text(connector, "state")));
        Assert.EndsWith($"-ats.iot.{TestStage.Region}.amazonaws.com", Text(connector, "endpoint"), StringComparison.Ordinal);
        Assert.Empty(connector["findings"]!.AsArray());
    }

    [Fact]
    public async Task Being_asked_again_costs_AWS_nothing()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("health:remember_for", "00:01:00"));
        await GetAsync(stage);
        await stage.ForgetCallsAsync();

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(TestStage.Account, Text(await GetAsync(stage), "account"));
        }

        Assert.Empty(await stage.Stage.StandIns.AwsControl.CallsAsync(Cancellation));
    }

    [Theory]
    [InlineData("aws_config:endpoint_url", Nowhere, "AWS did not answer")]
    [InlineData("aws_config:secret_access_key", "wrong", "SignatureDoesNotMatch")]
    public async Task AWS_away_or_bad_credentials_are_said_and_nothing_fails(string key, string value, string reason)
    {
        await using var stage = await TestStage.StartAsync(Door.Http, (key, value));

        var connector = await GetAsync(stage);

        Assert.Equal("impaired", Text(connector, "state"));
        Assert.Null(connector["account"]);
        Assert.Null(connector["endpoint"]);
        Assert.Equal(["credentials", "identity", "account_unknown", "endpoint_unknown"], Codes(connector));
        Assert.All(connector["findings"]!.AsArray().Take(2), finding => Assert.Contains(reason, Text(finding!, "message"), StringComparison.Ordinal));
        Assert.All(connector["findings"]!.AsArray(), finding => Assert.NotEmpty(Text(finding!, "action")!));
    }

    [Fact]
    public async Task AWS_that_goes_away_later_leaves_the_account_known()
    {
        await using var stage = await TestStage.StartAsync(Door.Http, ("health:remember_for", "00:00:00"));
        await GetAsync(stage);
        await stage.FailAwsAsync("GetCallerIdentity", 20, "ServiceUnavailable", 503);

        var connector = await GetAsync(stage);

        Assert.Equal(("impaired", TestStage.Account), (Text(connector, "state"), Text(connector, "account")));
        Assert.Equal(["credentials"], Codes(connector));
    }

    [Fact]
    public async Task Lamassu_away_is_not_ready_and_says_which_service()
    {
        await using var stage = await TestStage.StartAsync(Door.Http);
        stage.Stage.StandIns.Lamassu.Faults.Add(new LamassuFault { Service = "ca", Path = "/health", Status = 503, Times = 30 });

        var connector = await GetAsync(stage);

        Assert.Equal("not_ready", Text(connector, "state"));
        Assert.Equal(["lamassu"], Codes(connector));
        Assert.StartsWith("Lamassu: ca: ", Text(connector["findings"]![0]!, "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_broker_it_is_not_ready()
    {
        await using var stage = await TestStage.StartAsync(
            Door.Http, ("subscriber_event_bus:provider", "amqp"), ("subscriber_event_bus:hostname", "127.0.0.1"), ("subscriber_event_bus:port", "9"));

        var connector = await GetAsync(stage);

        Assert.Equal("not_ready", Text(connector, "state"));
        Assert.Equal(["bus"], Codes(connector));
    }

    private static async Task<JsonNode> GetAsync(TestStage stage)
    {
        using var response = await stage.Connector.GetAsync("/v1/connectors", Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["list"]![0]!;
    }

    private static IEnumerable<string?> Codes(JsonNode connector) => connector["findings"]!.AsArray().Select(finding => Text(finding!, "code"));

    private static string? Text(JsonNode node, string member) => node[member]?.GetValue<string>();
}
