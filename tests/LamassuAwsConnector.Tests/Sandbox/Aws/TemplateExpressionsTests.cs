using System.Text.Json.Nodes;
using LamassuAwsConnector.Sandbox.Aws;

namespace LamassuAwsConnector.Tests.Sandbox.Aws;

public sealed class TemplateExpressionsTests
{
    private static readonly TemplateExpressions Expressions = new(
        new Dictionary<string, string> { ["A"] = "alpha", ["List"] = "x,y,z" },
        JsonNode.Parse("""{"Map":{"alpha":{"key":"found"}}}""")!.AsObject()
    );

    [Theory]
    [InlineData("\"text\"", "text")]
    [InlineData("""{"Ref":"A"}""", "alpha")]
    [InlineData("""{"Fn::Join":["-",["a",{"Ref":"A"}]]}""", "a-alpha")]
    [InlineData("""{"Fn::Select":["1",{"Fn::Split":[",",{"Ref":"List"}]}]}""", "y")]
    [InlineData("""{"Fn::Select":[0,["a","b"]]}""", "a")]
    [InlineData("""{"Fn::Sub":"thing-${A}"}""", "thing-alpha")]
    [InlineData("""{"Fn::Sub":["${A}-${B}",{"B":{"Ref":"List"}}]}""", "alpha-x,y,z")]
    [InlineData("""{"Fn::FindInMap":["Map",{"Ref":"A"},"key"]}""", "found")]
    public void A_value_is_worked_out(string expression, string value) => Assert.Equal(value, Expressions.Text(JsonNode.Parse(expression)));

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Ref":"None"}""")]
    [InlineData("""{"Ref":"A","Fn::Sub":"x"}""")]
    [InlineData("""{"Fn::Other":"A"}""")]
    [InlineData("""{"Fn::Join":["-"]}""")]
    [InlineData("""{"Fn::Select":["5",["a"]]}""")]
    [InlineData("""{"Fn::Sub":"thing-${None}"}""")]
    [InlineData("""{"Fn::FindInMap":["Map","beta","key"]}""")]
    public void What_has_no_value_is_refused(string expression) =>
        Assert.Equal("InvalidRequestException", Assert.Throws<AwsException>(() => Expressions.Text(JsonNode.Parse(expression))).Code);
}
