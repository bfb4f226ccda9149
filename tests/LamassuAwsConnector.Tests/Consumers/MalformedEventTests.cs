using System.Text;
using System.Text.Json.Nodes;
using LamassuAwsConnector.Api.Consumers;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.Consumers;

/// <summary>Events whose data are not what their type has: each ends as a dead letter with the reason, and none in silence.</summary>
public sealed class MalformedEventTests
{
    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"updated":null,"previous":null,"device":null,"certificate":null,"dms":null}""")]
    [InlineData("""{"id":null,"ID":null,"CAID":null,"updated":{}}""")]
    [InlineData("""{"id":5,"ID":5,"CAID":5,"device_id":5,"updated":{"id":5,"serial_number":5}}""")]
    public async Task Data_that_are_not_of_their_type_are_a_dead_letter_with_the_reason(string data)
    {
        await using var stage = await TestStage.StartAsync(Door.Http);

        foreach (var type in stage.Stage.Connector.Services.GetRequiredService<EventRoutes>().Types)
        {
            var end = await PublishAsync(stage, type, data);

            Assert.True(end is { Outcome: "dead_lettered", Code: "invalid", Deliveries: 1 }, $"{type}: {end}");
            Assert.Contains(type, end.Reason, StringComparison.Ordinal);
        }

        Assert.Empty(await stage.AwsCallsAsync());
        Assert.Empty(stage.LamassuCalls());
    }

    private static Task<Api.EventEnd> PublishAsync(TestStage stage, string type, string data)
    {
        var body = new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = "1",
            ["source"] = "source://lamassu.io/ctx/source/service/ca",
            ["type"] = type,
            ["data"] = JsonNode.Parse(data),
        };
        return stage.Stage.Connector.PublishAsync(
            Encoding.UTF8.GetBytes(body.ToJsonString()), type, new Dictionary<string, string>(), TestContext.Current.CancellationToken);
    }
}
